package dev.atrium.gateway.refusal;

import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.api.usage.UnlistedRefusals;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Refusals that are only counted, by tenant, minute and code. A count is told as a sum so far until
 * its minute is over for sure, so telling it twice makes nothing of it.
 */
final class UnlistedCounts {
    /** Whoever counts looks at the clock before; nobody takes longer from there. */
    private static final int MINUTES_OPEN = 2;

    private record Key(TenantId tenant, Instant minute, String code) {}

    private static final class Count {
        final AtomicLong calls = new AtomicLong();

        /** Of the only thread that tells. */
        long told;
    }

    private final ConcurrentHashMap<Key, Count> counts = new ConcurrentHashMap<>();
    private final int most;

    UnlistedCounts(int most) {
        this.most = most;
    }

    /**
     * @return whether there was room
     */
    boolean add(TenantId tenant, Instant now, String code) {
        Key key = new Key(tenant, now.truncatedTo(ChronoUnit.MINUTES), code);
        Count count = counts.get(key);
        if (count == null) {
            if (counts.size() >= most) {
                return false;
            }
            count = counts.computeIfAbsent(key, absent -> new Count());
        }
        count.calls.incrementAndGet();
        return true;
    }

    /** What the registry does not know yet. */
    List<UnlistedRefusals> untold(int limit) {
        return counts.entrySet().stream()
                .filter(entry -> entry.getValue().calls.get() > entry.getValue().told)
                .limit(limit)
                .map(entry ->
                        new UnlistedRefusals(
                                entry.getKey().tenant(),
                                entry.getKey().minute(),
                                entry.getKey().code(),
                                entry.getValue().calls.get()))
                .toList();
    }

    /**
     * Notes what is told, and lets go of minutes that are over.
     *
     * @return how many calls that were
     */
    long told(List<UnlistedRefusals> lines, Instant now) {
        long calls = 0;
        for (UnlistedRefusals line : lines) {
            Count count = counts.get(new Key(line.tenantId(), line.minute(), line.code()));
            if (count != null) {
                calls += line.calls() - count.told;
                count.told = line.calls();
            }
        }
        Instant over = now.minus(MINUTES_OPEN, ChronoUnit.MINUTES);
        counts.entrySet()
                .removeIf(entry ->
                        entry.getKey().minute().isBefore(over)
                                && entry.getValue().calls.get() == entry.getValue().told);
        return calls;
    }

    int size() {
        return counts.size();
    }
}
