package dev.atrium.gateway.quota;

import dev.atrium.registry.api.quota.LeaseWish;
import dev.atrium.registry.api.quota.PolicyId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Leases of windows that are over, until the registry knows of everything that came back, and the
 * last ones for longer: a registry whose clock is behind still tells of them, and who did not know
 * them would use all of them again.
 */
final class PastLeases {
    private static final int KEPT = 16;

    /** What comes back late is of calls that were not made after all, and so comes soon. */
    private static final Duration LAST_RETURNS = Duration.ofSeconds(30);

    private final PolicyId policy;
    private final List<Past> leases = new ArrayList<>();

    PastLeases(PolicyId policy) {
        this.policy = policy;
    }

    private static final class Past {
        private final Lease lease;
        private final long endedAt;
        private long told = -1;

        Past(Lease lease, long endedAt) {
            this.lease = lease;
            this.endedAt = endedAt;
        }

        boolean isSettled(long now) {
            return told == lease.returned() && now - endedAt > LAST_RETURNS.toNanos();
        }
    }

    synchronized void add(Lease lease, long now) {
        lease.end();
        leases.add(new Past(lease, now));
    }

    synchronized @Nullable Lease find(@Nullable UUID id) {
        for (Past past : leases) {
            if (past.lease.id().equals(id)) {
                return past.lease;
            }
        }
        return null;
    }

    /** What the registry has not been told. */
    synchronized List<LeaseWish> news() {
        List<LeaseWish> news = new ArrayList<>();
        for (Past past : leases) {
            long returned = past.lease.returned();
            if (returned != past.told) {
                past.told = returned;
                news.add(
                        new LeaseWish(
                                policy,
                                past.lease.windowStart(),
                                past.lease.id(),
                                0,
                                0,
                                returned,
                                0));
            }
        }
        return news;
    }

    /** The last words were not heard. */
    synchronized void repeat() {
        leases.forEach(past -> past.told = -1);
    }

    synchronized void forget(long now) {
        int left = leases.size() - KEPT;
        for (Iterator<Past> oldest = leases.iterator(); left > 0 && oldest.hasNext(); left--) {
            if (oldest.next().isSettled(now)) {
                oldest.remove();
            }
        }
    }

    /** Whether nothing more comes back of any, and the registry knows what came. */
    synchronized boolean areSettled(long now) {
        return leases.stream().allMatch(past -> past.isSettled(now));
    }
}
