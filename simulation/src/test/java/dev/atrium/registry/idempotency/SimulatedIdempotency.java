package dev.atrium.registry.idempotency;

import dev.atrium.registry.api.idempotency.ClaimKey;
import dev.atrium.registry.api.idempotency.ClaimReply;
import dev.atrium.registry.api.idempotency.KeyOutcome;
import dev.atrium.registry.node.MemoryGatewayLives;
import dev.atrium.registry.secret.SimulatedMasterKey;
import dev.atrium.simulation.Settings;
import dev.atrium.simulation.database.MemoryDatabase;
import dev.atrium.simulation.database.MemoryTransactions;
import dev.atrium.simulation.database.Row;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.transaction.support.TransactionTemplate;

/** The product's idempotency keys on the twin of the database. */
public final class SimulatedIdempotency {
    private final MemoryDatabase database;
    private final KeyVault vault = new KeyVault(SimulatedMasterKey.create());
    private final IdempotencyService service;

    /**
     * @param hasty the planted bug: a key whose gateway is dead is free
     * @param forgetful the planted bug: a released key is given to the call that released it
     */
    public SimulatedIdempotency(
            MemoryDatabase database, Clock clock, boolean hasty, boolean forgetful) {
        this.database = database;
        MemoryGatewayLives lives = new MemoryGatewayLives(database, clock);
        MemoryKeyStore store =
                new MemoryKeyStore(
                        database,
                        key ->
                                (forgetful && key.is("RELEASED"))
                                        || (hasty
                                                && key.is("CLAIMED")
                                                && !lives.isAlive(
                                                        key.gateway(), key.incarnation())));
        IdempotencyProperties properties =
                Settings.of(IdempotencyProperties.class, "atrium.registry.idempotency", Map.of());
        MemoryTransactions transactions = new MemoryTransactions(database);
        service =
                new IdempotencyService(
                        transactions,
                        new TransactionTemplate(transactions),
                        store,
                        vault,
                        new KeptReplies(store, properties, clock),
                        lives,
                        new SimpleMeterRegistry(),
                        properties);
    }

    public ClaimReply claim(UUID gateway, ClaimKey claim) {
        return service.claim(gateway, claim);
    }

    public void end(UUID gateway, List<KeyOutcome> outcomes) {
        service.end(gateway, outcomes);
    }

    /** What is known of a key. */
    public Optional<Row.Key> row(ClaimKey claim) {
        byte[] mac = vault.keyMac(claim.tenantId(), claim.key());
        return database.keys.find(new Row.KeyName(claim.tenantId(), HexFormat.of().formatHex(mac)));
    }
}
