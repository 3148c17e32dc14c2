package dev.atrium.registry.idempotency;

import dev.atrium.registry.database.TenantScope;
import dev.atrium.simulation.database.MemoryDatabase;
import dev.atrium.simulation.database.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiPredicate;

/** The twin of {@link KeyStore}, whose rules are statements of the database. */
final class MemoryKeyStore extends KeyStore {
    private static final Duration TRACE = Duration.ofMinutes(5);

    private final MemoryDatabase database;
    private final BiPredicate<UUID, Row.Key> planted;

    /**
     * @param planted which keys a call takes over besides; none but for a planted bug
     */
    MemoryKeyStore(MemoryDatabase database, BiPredicate<UUID, Row.Key> planted) {
        super(null);
        this.database = database;
        this.planted = planted;
    }

    private static Row.KeyName name(byte[] key) {
        return new Row.KeyName(TenantScope.required(), HexFormat.of().formatHex(key));
    }

    @Override
    boolean claim(Claim claim) {
        Instant now = database.now();
        Optional<Row.Key> known = database.keys.find(name(claim.key()));
        boolean isItsTurn =
                known.map(row ->
                                (isFreeFor(claim.call(), row)
                                                && Objects.equals(row.turn(), claim.turn()))
                                        || planted.test(claim.call(), row))
                        .orElse(true);
        if (isItsTurn) {
            database.keys.put(
                    name(claim.key()),
                    new Row.Key(
                            "CLAIMED",
                            claim.call(),
                            claim.fingerprint(),
                            claim.gateway(),
                            claim.incarnation(),
                            now.plus(claim.longest()),
                            now.plus(claim.keep()),
                            0,
                            null,
                            null,
                            newTurn()));
        }
        return isItsTurn;
    }

    private boolean isFreeFor(UUID call, Row.Key row) {
        return !row.call().equals(call) && (row.is("RELEASED") || isExpired(row));
    }

    private boolean isExpired(Row.Key row) {
        return !row.expiresAt().isAfter(database.now());
    }

    private UUID newTurn() {
        return new UUID(8, database.next("turn"));
    }

    @Override
    Optional<KnownKey> find(byte[] key) {
        return database.keys.find(name(key)).map(this::known);
    }

    private KnownKey known(Row.Key row) {
        boolean isOverdue = row.overBy() == null || !row.overBy().isAfter(database.now());
        return new KnownKey(
                KnownKey.State.valueOf(row.state()),
                row.call(),
                row.fingerprint(),
                row.gateway(),
                row.incarnation(),
                isOverdue,
                isExpired(row),
                row.turn(),
                row.status(),
                row.contentType(),
                row.reply());
    }

    @Override
    boolean release(byte[] key, UUID call, UUID gateway) {
        Instant until = database.now().plus(TRACE);
        boolean counts =
                database.keys
                        .find(name(key))
                        .map(row ->
                                (row.call().equals(call) && row.is("CLAIMED"))
                                        || isFreeFor(call, row))
                        .orElse(true);
        if (counts) {
            database.keys.put(
                    name(key),
                    new Row.Key(
                            "RELEASED",
                            call,
                            null,
                            gateway,
                            null,
                            null,
                            until,
                            0,
                            null,
                            null,
                            newTurn()));
        }
        return counts;
    }

    @Override
    boolean end(
            byte[] key,
            UUID call,
            KnownKey.State state,
            Integer status,
            String contentType,
            byte[] reply) {
        Optional<Row.Key> own =
                database.keys
                        .find(name(key))
                        .filter(row -> row.call().equals(call))
                        .filter(row -> row.is("CLAIMED") || row.is("UNKNOWN"));
        own.ifPresent(row ->
                database.keys.put(
                        name(key),
                        row.ended(state.name(), status == null ? 0 : status, contentType, reply)));
        return own.isPresent();
    }

    @Override
    long keptBytes() {
        return database.keys.rows().entrySet().stream()
                .filter(entry -> entry.getKey().tenant().equals(TenantScope.required()))
                .filter(entry -> entry.getValue().reply() != null)
                .mapToLong(entry -> entry.getValue().reply().length)
                .sum();
    }
}
