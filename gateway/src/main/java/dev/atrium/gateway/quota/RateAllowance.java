package dev.atrium.gateway.quota;

import dev.atrium.gateway.admission.Gcra;
import dev.atrium.registry.api.feed.FeedPolicy;
import dev.atrium.registry.api.quota.LeaseState;
import dev.atrium.registry.api.quota.Window;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What this gateway may use of a rate: as much as its slices allow. */
final class RateAllowance extends Allowance {
    private static final int GENERATION_OF_NOBODY = -1;
    private static final long MODEST_NANOS = 5_000_000_000L;

    private volatile @Nullable Gcra gcra;
    private volatile long modestUntil;

    RateAllowance(FeedPolicy policy, QuotaProperties properties, long now) {
        super(policy, properties, now);
        this.modestUntil = now;
    }

    @Override
    void use(FeedPolicy newer, long now) {
        FeedPolicy before = policy;
        super.use(newer, now);
        if (before != newer
                && (before.amount() != newer.amount() || burst(before) != burst(newer))) {
            rebuild(now);
        }
    }

    /** A changed rate begins with the credit that there was, as far as it still fits. */
    private synchronized void rebuild(long now) {
        Gcra old = gcra;
        Lease from = lease;
        if (old == null || from == null) {
            return;
        }
        Gcra fresh = gcra(old.slices(), now);
        fresh.gain(old.held() + old.parked(), now);
        long surplus = fresh.credit(now) - old.credit(now);
        if (surplus > 0) {
            fresh.take(surplus, surplus, now);
        }
        gcra = fresh;
    }

    private Gcra gcra(long slices, long now) {
        return new Gcra(
                policy.amount(), windowLength().toNanos(), burst(policy), Math.max(1, slices), now);
    }

    private Duration windowLength() {
        return policy.window() == Window.SECOND ? Duration.ofSeconds(1) : Duration.ofMinutes(1);
    }

    private static long burst(FeedPolicy policy) {
        return Math.max(1, policy.burst() == null ? policy.amount() : policy.burst());
    }

    @Override
    @Nullable Take take(long least, long most, long now) {
        demand.add(least, now);
        Gcra bucket = gcra;
        Lease from = lease;
        if (bucket == null || from == null || !from.isUsable(now)) {
            return null;
        }
        long units = bucket.take(least, most, now);
        if (units == 0 && bucket.parked() > 0 && modestUntil - now <= 0) {
            bucket.unpark(now);
            units = bucket.take(least, most, now);
        }
        if (units == 0) {
            return null;
        }
        taken();
        return new Take(this, null, 0, units);
    }

    @Override
    void putBack(Take take, long units, long now) {
        Gcra bucket = gcra;
        if (bucket != null) {
            bucket.refund(units, now);
        }
    }

    @Override
    long lacking(long units, long now) {
        LeaseState said = state;
        Gcra bucket = gcra;
        Lease from = lease;
        if (said == null || bucket == null || from == null || !from.isUsable(now)) {
            return 1;
        }
        long others = Math.max(0, bucket.slices() - bucket.held() - bucket.parked());
        return Math.min(others, Math.max(1, bucket.slicesFor(units - bucket.credit(now))));
    }

    /** As long as nobody else wants them, all slices are best where the calls are. */
    @Override
    long ahead(long now) {
        Gcra bucket = gcra;
        if (bucket == null) {
            return demand.isNone() ? 0 : Math.min(1_000, burst(policy));
        }
        long others = Math.max(0, bucket.slices() - bucket.held() - bucket.parked());
        if (modestUntil - now > 0) {
            return Math.clamp(needed(bucket) - bucket.held(), 0, others);
        }
        return demand.perSecond() == 0 ? 0 : others;
    }

    private long needed(Gcra bucket) {
        return bucket.slicesForRate(demand.perSecond());
    }

    @Override
    void recalled(long now) {
        Gcra bucket = gcra;
        if (bucket != null) {
            modestUntil = now + MODEST_NANOS;
            // Half, because nobody here knows how many want a part: repeated, it comes to the same.
            bucket.park(Math.min(needed(bucket), bucket.held() / 2), now);
            handOn(bucket, now);
        }
    }

    @Override
    void keep(long now) {
        demand.look(now);
        Gcra bucket = gcra;
        Lease from = lease;
        if (bucket == null || from == null) {
            return;
        }
        if (from.lapseIfOver(now)) {
            from.putBack(bucket.drop(now), GENERATION_OF_NOBODY);
        } else if (demand.idleNanos(now) > properties.idleReturn().toNanos()) {
            bucket.park(0, now);
        }
        handOn(bucket, now);
    }

    private void handOn(Gcra bucket, long now) {
        Lease from = lease;
        long full = bucket.release(now);
        if (full > 0 && from != null) {
            from.putBack(full, GENERATION_OF_NOBODY);
        }
    }

    @Override
    void giveEverythingBack(long now) {
        Gcra bucket = gcra;
        if (bucket != null) {
            // What is not full runs out with the lease, and is full by then.
            bucket.park(0, now);
            handOn(bucket, now);
        }
    }

    @Override
    void grown(Lease grown, long more, long now) {
        LeaseState said = state;
        Gcra bucket = gcra;
        if (bucket == null || (said != null && said.limit() != bucket.slices())) {
            long slices = said == null ? Math.min(1_000, burst(policy)) : said.limit();
            Gcra fresh = gcra(slices, now);
            if (bucket != null) {
                fresh.gain(bucket.drop(now), now);
                fresh.take(1, fresh.credit(now), now);
            }
            bucket = fresh;
            gcra = fresh;
        }
        bucket.gain(grown.take(more, more, now), now);
    }

    @Override
    boolean holds() {
        Gcra bucket = gcra;
        return bucket != null && bucket.held() + bucket.parked() > 0;
    }

    @Override
    synchronized void endWindow(long now) {
        Gcra bucket = gcra;
        Lease from = lease;
        if (bucket != null && from != null) {
            from.putBack(bucket.drop(now), GENERATION_OF_NOBODY);
        }
        super.endWindow(now);
    }

    @Override
    Standing standing(long now) {
        Gcra bucket = gcra;
        long left = bucket == null ? burst(policy) : bucket.credit(now);
        Duration reset =
                bucket == null ? Duration.ZERO : Duration.ofNanos(bucket.nanosUntilFull(now));
        long next = bucket == null ? Long.MAX_VALUE : bucket.nanosUntil(left + 1, now);
        return new Standing(
                policy,
                policy.amount(),
                0,
                0,
                left,
                reset,
                next == Long.MAX_VALUE ? Duration.ZERO : Duration.ofNanos(next),
                windowLength(),
                bucket != null);
    }

    @Override
    Decision refusal(long least, long now) {
        Standing standing = standing(now);
        if (policy.amount() == 0 || least > burst(policy)) {
            return new Decision.Refused(standing, Decision.Why.SPENT, null, least);
        }
        Gcra bucket = gcra;
        long wait = bucket == null ? Long.MAX_VALUE : bucket.nanosUntil(least, now);
        return new Decision.Refused(
                standing,
                Decision.Why.RATE,
                wait == Long.MAX_VALUE ? SOON : Duration.ofNanos(wait),
                least);
    }
}
