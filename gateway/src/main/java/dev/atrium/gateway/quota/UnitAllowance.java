package dev.atrium.gateway.quota;

import dev.atrium.registry.api.feed.FeedPolicy;
import dev.atrium.registry.api.quota.LeaseState;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What this gateway may use of a total or a level. A call takes units of a total for good; what it
 * did not use comes back through the ledger. A permit of a level comes back when the call ends.
 */
final class UnitAllowance extends Allowance {
    /** After a recall, fetching ahead would take from who needs it now. */
    private static final long MODEST_NANOS = 1_000_000_000L;

    private volatile long modestUntil;

    UnitAllowance(FeedPolicy policy, QuotaProperties properties, long now) {
        super(policy, properties, now);
        this.modestUntil = now;
    }

    @Override
    @Nullable Take take(long least, long most, long now) {
        Lease from = lease;
        if (from == null) {
            return null;
        }
        int generation = from.generation();
        long units = from.take(least, most, now);
        if (units == 0) {
            return null;
        }
        demand.add(units, now);
        taken();
        return new Take(this, from, generation, units);
    }

    @Override
    void putBack(Take take, long units, long now) {
        Lease from = take.lease();
        if (from != null) {
            from.putBack(units, take.generation());
        }
    }

    @Override
    long lacking(long units, long now) {
        Lease from = lease;
        return from == null || !from.isUsable(now) ? units : Math.max(0, units - from.available());
    }

    /** Fetched when less than half of what {@code ahead} says is left. */
    @Override
    long ahead(long now) {
        return lease == null ? 0 : ahead(demand.perSecond(), now);
    }

    /**
     * After a pause everything has been given back and the demand of late is none: a load that goes
     * on as before would wait again and again, each time for what a few calls need. Of permits
     * there are few, and others want them.
     */
    @Override
    long aheadOfCalls(long units, long now) {
        double rate = policy.window() == Window.NONE ? demand.perSecond() : demand.habitPerSecond();
        long ahead = ahead(rate, now);
        boolean modest = modestUntil - now > 0 || isShort(units, now);
        return modest ? ahead : Math.max(ahead, lacking(units, now));
    }

    private long ahead(double perSecond, long now) {
        if (modestUntil - now > 0 || isShort(Long.MAX_VALUE, now)) {
            return 0;
        }
        Lease from = lease;
        double seconds = properties.ahead().toMillis() / 1_000.0;
        long target = (long) Math.ceil(perSecond * seconds);
        long available = from != null && from.isUsable(now) ? from.available() : 0;
        return available < target / 2 ? target - available : 0;
    }

    @Override
    void recalled(long now) {
        modestUntil = now + MODEST_NANOS;
        Lease from = lease;
        if (from != null) {
            from.giveBack();
        }
    }

    @Override
    void keep(long now) {
        demand.look(now);
        endWindowIfOver(now);
        Lease from = lease;
        if (from == null) {
            return;
        }
        from.lapseIfOver(now);
        if (demand.idleNanos(now) > properties.idleReturn().toNanos()) {
            from.giveBack();
        }
    }

    @Override
    void giveEverythingBack(long now) {
        Lease from = lease;
        if (from != null) {
            from.giveBack();
        }
    }

    @Override
    void grown(Lease grown, long more, long now) {
        // Nothing else keeps count.
    }

    @Override
    boolean holds() {
        return false;
    }

    @Override
    Standing standing(long now) {
        LeaseState said = state;
        Lease from = lease;
        if (said == null) {
            return new Standing(
                    policy, policy.amount(), 0, 0, policy.amount(), null, null, null, false);
        }
        long available = from == null ? 0 : from.available();
        long left = Math.min(said.limit(), free() + available);
        Duration untilEnd = untilEnd(said, now);
        return new Standing(
                policy,
                said.limit(),
                said.used(),
                Math.max(0, said.limit() - said.used() - left),
                left,
                untilEnd,
                untilEnd,
                length(said),
                true);
    }

    private @Nullable Duration untilEnd(LeaseState said, long now) {
        if (said.windowEnd() == null) {
            return null;
        }
        Duration left =
                Duration.between(stateTime, said.windowEnd()).minusNanos(now - stateAskedAt);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private static @Nullable Duration length(LeaseState said) {
        return said.windowEnd() == null
                ? null
                : Duration.between(said.windowStart(), said.windowEnd());
    }

    @Override
    Decision refusal(long least, long now) {
        Standing standing = standing(now);
        boolean spent = standing.limit() - standing.used() < least;
        if (policy.unit() == Unit.CONCURRENCY && !spent) {
            return new Decision.Refused(standing, Decision.Why.LEVEL, SOON, least);
        }
        if (!spent) {
            return new Decision.Refused(standing, Decision.Why.RESERVED, SOON, least);
        }
        // Of a window that is too small as a whole, the next one is no better.
        boolean everEnough = standing.limit() >= least && policy.window() != Window.LIFETIME;
        return new Decision.Refused(
                standing, Decision.Why.SPENT, everEnough ? standing.reset() : null, least);
    }
}
