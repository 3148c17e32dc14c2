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
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiPredicate;
import org.springframework.transaction.support.TransactionTemplate;

/** The product's idempotency keys on the twin of the database. */
public final class SimulatedIdempotency {
    private final IdempotencyService service;

    /**
     * @param planted which keys a call takes over besides; none but for a planted bug
     */
    public SimulatedIdempotency(
            MemoryDatabase database, Clock clock, BiPredicate<UUID, Row.Key> planted) {
        MemoryKeyStore store = new MemoryKeyStore(database, planted);
        IdempotencyProperties properties =
                Settings.of(IdempotencyProperties.class, "atrium.registry.idempotency", Map.of());
        MemoryTransactions transactions = new MemoryTransactions(database);
        service =
                new IdempotencyService(
                        transactions,
                        new TransactionTemplate(transactions),
                        store,
                        new KeyVault(SimulatedMasterKey.create()),
                        new KeptReplies(store, properties, clock),
                        new MemoryGatewayLives(database, clock),
                        new SimpleMeterRegistry(),
                        properties);
    }

    public ClaimReply claim(UUID gateway, ClaimKey claim) {
        return service.claim(gateway, claim);
    }

    public void end(UUID gateway, List<KeyOutcome> outcomes) {
        service.end(gateway, outcomes);
    }
}
