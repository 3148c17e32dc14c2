package dev.atrium.gateway.refusal;

import dev.atrium.registry.api.tenancy.TenantId;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** How many refusals of each tenant were let through in the present second; never waits. */
final class TenantSeconds {
    /** The second is kept above the count. */
    private static final int COUNT_BITS = 24;

    private static final long COUNT = (1L << COUNT_BITS) - 1;
    private static final long FORGET_AFTER = 60;

    private final ConcurrentHashMap<TenantId, AtomicLong> seconds = new ConcurrentHashMap<>();
    private final int most;

    TenantSeconds(int most) {
        this.most = (int) Math.min(most, COUNT);
    }

    boolean tryTake(TenantId tenant, long second) {
        AtomicLong state = seconds.computeIfAbsent(tenant, id -> new AtomicLong());
        while (true) {
            long seen = state.get();
            boolean isSame = seen >>> COUNT_BITS == second;
            if (isSame && (seen & COUNT) >= most || most == 0) {
                return false;
            }
            if (state.compareAndSet(seen, isSame ? seen + 1 : second << COUNT_BITS | 1)) {
                return true;
            }
        }
    }

    /** Lets go of tenants that nothing was refused to lately. */
    void forget(long second) {
        seconds.values().removeIf(state -> state.get() >>> COUNT_BITS < second - FORGET_AFTER);
    }

    int size() {
        return seconds.size();
    }
}
