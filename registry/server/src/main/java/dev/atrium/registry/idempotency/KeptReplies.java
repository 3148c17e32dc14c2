package dev.atrium.registry.idempotency;

import dev.atrium.registry.api.tenancy.TenantId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/**
 * Bounds what the replies of one tenant take of the database, which all share. Counted from time to
 * time; in between by what this registry has added, so that several go a little beyond it together.
 */
@Component
class KeptReplies {
    private static final Duration COUNTED_FOR = Duration.ofSeconds(30);

    private record Count(long bytes, Instant at) {}

    private final Map<TenantId, Count> counts = new ConcurrentHashMap<>();
    private final KeyStore store;
    private final IdempotencyProperties properties;
    private final Clock clock;

    KeptReplies(KeyStore store, IdempotencyProperties properties, Clock clock) {
        this.store = store;
        this.properties = properties;
        this.clock = clock;
    }

    /** Whether one more reply fits; it is counted if so. In a transaction of its tenant. */
    boolean takes(TenantId tenant, int bytes) {
        Instant now = clock.instant();
        Count last = counts.get(tenant);
        if (last == null || last.at().plus(COUNTED_FOR).isBefore(now)) {
            // Not inside the map: other tenants would wait for this query.
            counts.put(tenant, new Count(store.keptBytes(), now));
        }
        boolean[] fits = new boolean[1];
        counts.computeIfPresent(
                tenant,
                (id, count) -> {
                    long sum = count.bytes() + bytes;
                    fits[0] = sum <= properties.maxKeptPerTenant().toBytes();
                    return fits[0] ? new Count(sum, count.at()) : count;
                });
        return fits[0];
    }
}
