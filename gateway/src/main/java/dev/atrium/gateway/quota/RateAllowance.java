package dev.atrium.gateway.quota;

import dev.atrium.gateway.admission.Gcra;
import dev.atrium.gateway.admission.RatePart;
import dev.atrium.gateway.admission.SlidingWindow;
import dev.atrium.registry.api.feed.FeedPolicy;
import dev.atrium.registry.api.quota.LeaseState;
import dev.atrium.registry.api.quota.OwnRate;
import dev.atrium.registry.api.quota.Window;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What this gateway may use of a rate: as much as its slices allow. */
final class RateAllowance extends Allowance {
    private static final int GENERATION_OF_NOBODY = -1;
    private static final long MODEST_NANOS = 5_000_000_000L;

    private final @Nullable OwnRate ownRate;
    private volatile @Nullable RatePart part;
    private volatile long modestUntil;

    RateAllowance(FeedPolicy policy, QuotaProperties properties, long now) {
        this(policy, null, properties, now);
    }

    /**
     * @param ownRate where nobody has set the policy
     */
    RateAllowance(
            FeedPolicy policy, @Nullable OwnRate ownRate, QuotaProperties properties, long now) {
        super(policy, properties, now);
        this.ownRate = ownRate;
        this.modestUntil = now;
    }

    @Override
    @Nullable OwnRate ownRate() {
        // Of now: a key's limit may have been changed since.
        return ownRate == null
                ? null
                : new OwnRate(ownRate.tenantId(), ownRate.principalId(), policy.amount());
    }

    /** Nobody reads how often a key's own limit has refused. */
    @Override
    void countRefusal() {
        if (ownRate == null) {
            super.countRefusal();
        }
    }

    @Override
    void use(FeedPolicy newer, long now) {
        FeedPolicy before = policy;
        super.use(newer, now);
        if (before != newer
                && (before.amount() != newer.amount() || burst(before) != burst(newer))) {
            rebuild(before, now);
        }
    }

    /** A changed rate begins with the credit that there was, as far as it still fits. */
    private synchronized void rebuild(FeedPolicy before, long now) {
        RatePart old = part;
        Lease from = lease;
        if (old == null || from == null) {
            return;
        }
        if (slides(before) != slides(policy)) {
            // Its slices are none of the new kind.
            from.putBack(old.drop(now), GENERATION_OF_NOBODY);
            part = null;
            return;
        }
        switch (old) {
            case SlidingWindow window -> {
                window.resize(policy.amount());
                window.park((long) (window.held() * part(before.amount())), now);
                handOn(window, now);
            }
            case Gcra gcra -> {
                Gcra fresh = gcra(gcra.slices(), now);
                fresh.gain(gcra.held() + gcra.parked(), now);
                spend(fresh, fresh.credit(now) - gcra.credit(now), now);
                part = fresh;
            }
        }
    }

    /** What remains of the places when the amount was lowered. */
    private double part(long before) {
        return Math.min(1, policy.amount() / (double) before);
    }

    private static void spend(RatePart part, long units, long now) {
        if (units > 0) {
            part.take(units, units, now);
        }
    }

    /** Whether the bound is that of a sliding window: as much at once as in the whole of it. */
    private static boolean slides(FeedPolicy policy) {
        return burst(policy) == policy.amount();
    }

    private RatePart fresh(long slices, long now) {
        return slides(policy)
                ? new SlidingWindow(windowLength().toNanos(), slices, now)
                : gcra(slices, now);
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
        RatePart bucket = part;
        Lease from = lease;
        if (bucket == null || from == null || !from.isUsable(now)) {
            return null;
        }
        int mark = bucket.mark(now);
        long units = bucket.take(least, most, now);
        if (units == 0 && bucket.parked() > 0 && modestUntil - now <= 0) {
            bucket.unpark(now);
            units = bucket.take(least, most, now);
        }
        if (units == 0) {
            return null;
        }
        taken();
        return new Take(this, null, mark, units);
    }

    @Override
    void putBack(Take take, long units, long now) {
        RatePart bucket = part;
        if (bucket != null) {
            bucket.refund(units, take.generation(), now);
        }
    }

    @Override
    long lacking(long units, long now) {
        LeaseState said = state;
        RatePart bucket = part;
        Lease from = lease;
        if (said == null || bucket == null || from == null || !from.isUsable(now)) {
            return 1;
        }
        return Math.min(others(bucket), Math.max(1, bucket.slicesFor(units - bucket.credit(now))));
    }

    /** As long as nobody else wants them, all slices are best where the calls are. */
    @Override
    long ahead(long now) {
        RatePart bucket = part;
        if (bucket == null) {
            return demand.isNone() ? 0 : slicesOf(policy);
        }
        long others = others(bucket);
        if (modestUntil - now > 0) {
            return Math.clamp(needed(bucket) - bucket.held(), 0, others);
        }
        return demand.perSecond() == 0 || isAtEase(bucket, now) ? 0 : others;
    }

    /** The demand of the first moments after a pause is in no average yet. */
    @Override
    long aheadOfCalls(long units, long now) {
        RatePart bucket = part;
        if (bucket == null) {
            return slicesOf(policy);
        }
        return modestUntil - now > 0 || isAtEase(bucket, now) ? ahead(now) : others(bucket);
    }

    private static long others(RatePart bucket) {
        return Math.max(0, bucket.slices() - bucket.held() - bucket.parked());
    }

    /** Places come back by themselves: where enough are free, asking for more is of no use. */
    private boolean isAtEase(RatePart bucket, long now) {
        double seconds = properties.ahead().toMillis() / 1_000.0;
        return bucket instanceof SlidingWindow
                && bucket.credit(now) > 1 + demand.perSecond() * seconds;
    }

    private static long slicesOf(FeedPolicy policy) {
        return slides(policy) ? policy.amount() : Math.min(1_000, burst(policy));
    }

    private long needed(RatePart bucket) {
        return bucket.slicesForRate(demand.perSecond());
    }

    @Override
    void recalled(long now) {
        RatePart bucket = part;
        if (bucket != null) {
            modestUntil = now + MODEST_NANOS;
            bucket.park(kept(bucket, now), now);
            handOn(bucket, now);
        }
    }

    /** Half, because nobody here knows how many want a part: repeated, it comes to the same. */
    private long kept(RatePart bucket, long now) {
        long free = bucket instanceof SlidingWindow ? bucket.credit(now) : 0;
        if (free == 0) {
            return Math.min(needed(bucket), bucket.held() / 2);
        }
        // Of the free places, or calls here would be refused for places that go to and fro.
        long inUse = bucket.held() - free;
        return Math.min(bucket.held() - (free + 1) / 2, Math.max(inUse, needed(bucket)));
    }

    @Override
    void keep(long now) {
        demand.look(now);
        RatePart bucket = part;
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

    private void handOn(RatePart bucket, long now) {
        Lease from = lease;
        if (isTrickling(bucket, now)) {
            return;
        }
        long full = bucket.release(now);
        if (full > 0 && from != null) {
            from.putBack(full, GENERATION_OF_NOBODY);
        }
    }

    /** What nobody waits for is better given back at once than place by place. */
    private boolean isTrickling(RatePart bucket, long now) {
        return bucket instanceof SlidingWindow
                && modestUntil - now <= 0
                && demand.idleNanos(now) > properties.idleReturn().toNanos()
                && bucket.nanosUntilFull(now) > 0;
    }

    @Override
    void giveEverythingBack(long now) {
        RatePart bucket = part;
        if (bucket != null) {
            // What is not full runs out with the lease, and is full by then.
            modestUntil = now + MODEST_NANOS;
            bucket.park(0, now);
            handOn(bucket, now);
        }
    }

    @Override
    void grown(Lease grown, long more, long now) {
        LeaseState said = state;
        RatePart bucket = part;
        long slices = said == null ? slicesOf(policy) : said.limit();
        if (bucket == null) {
            bucket = fresh(slices, now);
        } else if (bucket instanceof SlidingWindow window && slides(policy)) {
            window.resize(slices);
        } else if (bucket.slices() != slices) {
            RatePart fresh = fresh(slices, now);
            fresh.gain(bucket.drop(now), now);
            spend(fresh, fresh.credit(now), now);
            bucket = fresh;
        }
        part = bucket;
        bucket.gain(grown.take(more, more, now), now);
    }

    @Override
    boolean holds() {
        RatePart bucket = part;
        return bucket != null && bucket.held() + bucket.parked() > 0;
    }

    @Override
    synchronized void endWindow(long now) {
        RatePart bucket = part;
        Lease from = lease;
        if (bucket != null && from != null) {
            from.putBack(bucket.drop(now), GENERATION_OF_NOBODY);
        }
        super.endWindow(now);
    }

    @Override
    Standing standing(long now) {
        RatePart bucket = part;
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
        RatePart bucket = part;
        long wait = bucket == null ? Long.MAX_VALUE : bucket.nanosUntil(least, now);
        return new Decision.Refused(
                standing,
                Decision.Why.RATE,
                wait == Long.MAX_VALUE ? SOON : Duration.ofNanos(wait),
                least);
    }
}
