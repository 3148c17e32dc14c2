package dev.atrium.gateway.quota;

import dev.atrium.registry.api.feed.FeedPolicy;
import dev.atrium.registry.api.quota.LeaseState;
import dev.atrium.registry.api.quota.LeaseWish;
import dev.atrium.registry.api.quota.Mode;
import dev.atrium.registry.api.quota.OwnRate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What this gateway may use of one policy: its lease of the present window, those of past windows
 * until the registry has all of them back, and the calls that wait for more.
 *
 * <p>Calls take and put back without a lock. Everything else is done by the threads of {@link
 * Leases}, under this object's lock; at most one request about it is under way at a time.
 */
abstract sealed class Allowance permits UnitAllowance, RateAllowance {
    static final Duration SOON = Duration.ofSeconds(1);
    private static final long SECOND_NANOS = 1_000_000_000L;

    /** Fetching ahead must not become asking all the time when there is little to be had. */
    private static final long AHEAD_AGAIN_NANOS = 20_000_000L;

    private static final long AHEAD_IN_VAIN_NANOS = 500_000_000L;
    private static final long FAILED_NANOS = 200_000_000L;

    /**
     * Longer than any request is under way, the second one after a registry that fell silent too.
     */
    private static final long DOUBT_NANOS = 30_000_000_000L;

    private static final long LARGEST_WISH = Long.MAX_VALUE / 4;

    final QuotaProperties properties;
    final RecentDemand demand;
    volatile FeedPolicy policy;
    volatile @Nullable Lease lease;
    volatile @Nullable LeaseState state;
    volatile Instant stateTime = Instant.EPOCH;
    volatile long stateAskedAt;

    private final WaitingCalls waiting;
    private final PastLeases past;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong foreseen = new AtomicLong();
    private volatile boolean expecting;
    private volatile boolean busy;
    private volatile boolean wanted;
    private volatile boolean everFailed;
    private volatile long failedUntil;
    private volatile long aheadFrom;
    private boolean inVain;
    private volatile long shortUntil;
    private volatile long shortLeast;
    private long askedAt;
    private long wantedAt;
    private boolean doubtful;
    private long toldReturned;
    private long toldRefused;

    Allowance(FeedPolicy policy, QuotaProperties properties, long now) {
        this.policy = policy;
        this.properties = properties;
        this.demand = new RecentDemand(now);
        this.waiting = new WaitingCalls(properties.maxWaiting());
        this.past = new PastLeases(policy.id());
        this.askedAt = now - properties.renewInterval().toNanos();
        this.failedUntil = now;
        this.aheadFrom = now;
        this.shortUntil = now;
    }

    /** What a reply says of a policy. */
    enum Answer {
        /** Nothing: there is no such policy. */
        GONE,
        /** There is nothing more to be had at the moment. */
        SAME,
        /** There is more to take, or another window. */
        MORE
    }

    /** Takes at once, or not at all. */
    abstract @Nullable Take take(long least, long most, long now);

    abstract void putBack(Take take, long units, long now);

    /** How much more of a lease would let a call take so much; 0 when no lease would. */
    abstract long lacking(long units, long now);

    /** What would be good to have ahead of need; 0 when there is enough. */
    abstract long ahead(long now);

    /**
     * The same when calls are on their way, perhaps after a pause.
     *
     * @param units what they need, as far as that is known
     */
    abstract long aheadOfCalls(long units, long now);

    abstract Standing standing(long now);

    /** What to tell a call that cannot have so much. */
    abstract Decision refusal(long least, long now);

    /** Another gateway needs what nobody needs here. */
    abstract void recalled(long now);

    /** What no gateway held when the registry last told; all of it while it has not. */
    long free() {
        LeaseState said = state;
        return said == null
                ? policy.amount()
                : Math.max(0, said.limit() - said.used() - said.reserved() - said.unreconciled());
    }

    /** Regular upkeep: what lapsed, what is idle, what is on its way out. */
    abstract void keep(long now);

    abstract void giveEverythingBack(long now);

    /** What the registry makes the policy from where it has none; null for one that people set. */
    @Nullable OwnRate ownRate() {
        return null;
    }

    /** The lease has grown. */
    abstract void grown(Lease grown, long more, long now);

    /** Whether something is held beside what the lease has available. */
    abstract boolean holds();

    /** The policy as the feed has it now. */
    void use(FeedPolicy newer, long now) {
        if (policy != newer) {
            policy = newer;
            shortUntil = now;
        }
    }

    void taken() {
        open.incrementAndGet();
    }

    /** The end of a take: the whole of it goes back. */
    void release(Take take, long now) {
        take.putBack(take.units(), now);
        ended();
    }

    /** The end of a take, of which nothing goes back. */
    void ended() {
        open.decrementAndGet();
    }

    int open() {
        return open.get();
    }

    void countRefusal() {
        refused.incrementAndGet();
    }

    /** Whether the registry failed a moment ago, and asking again at once is no use. */
    boolean isUnreachable(long now) {
        return everFailed && failedUntil - now > 0;
    }

    /** Whether the registry has said lately that so much is not to be had. */
    boolean isShort(long least, long now) {
        return state != null && least >= shortLeast && shortUntil - now > 0;
    }

    boolean hasFreshState(Duration age, long now) {
        return state != null && now - stateAskedAt <= age.toNanos();
    }

    void wantState() {
        wanted = true;
    }

    /** Whether it is time to fetch more before somebody has to wait for it. */
    boolean isLow(long now) {
        return !busy && aheadFrom - now <= 0 && ahead(now) > 0;
    }

    /**
     * @return whether there is room for one more
     */
    boolean await(Waiter waiter) {
        return waiting.add(waiter);
    }

    /**
     * A call waits for another policy and will need this one next. What it needs goes in the same
     * request, or it would wait for one request after the other.
     *
     * @param units 0 where that is not known yet
     */
    void foresee(long units) {
        foreseen.accumulateAndGet(
                Math.min(units, LARGEST_WISH), (some, more) -> Math.min(LARGEST_WISH, some + more));
        expecting = true;
    }

    /** What there is to say to the registry now; empty while something is being said. */
    synchronized List<LeaseWish> wishes(long now) {
        if (busy || isUnreachable(now)) {
            return List.of();
        }
        List<LeaseWish> wishes = new ArrayList<>(past.news());
        List<Waiter> asking = waiting.ask(waiter -> isServed(waiter, now));
        // Who asks for those that wait may as well ask for those that come: or under a steady load
        // there would always be somebody waiting, and never anything ahead.
        boolean expected = expecting || !asking.isEmpty();
        expecting = false;
        long coming = foreseen.getAndSet(0);
        boolean mayFetch = aheadFrom - now <= 0 || (expected && !inVain);
        long ahead = 0;
        if (mayFetch) {
            ahead = expected ? aheadOfCalls(coming, now) : ahead(now);
        }
        if (!asking.isEmpty() || ahead > 0 || wanted || hasNews(now)) {
            wishes.add(wish(asking, ahead, now));
        }
        if (!wishes.isEmpty()) {
            busy = true;
            wanted = false;
            askedAt = now;
        }
        return wishes;
    }

    private LeaseWish wish(List<Waiter> asking, long ahead, long now) {
        long least = asking.isEmpty() ? 0 : LARGEST_WISH;
        long sum = ahead;
        for (Waiter waiter : asking) {
            least = Math.min(least, Math.max(1, lacking(waiter.least, now)));
            sum = Math.min(LARGEST_WISH, sum + lacking(waiter.most, now));
        }
        Lease current = lease;
        toldReturned = current == null ? 0 : current.returned();
        toldRefused = refused.get();
        if (sum > 0) {
            doubtful = true;
            wantedAt = now;
        }
        return wish(current, least, Math.max(least, sum));
    }

    private LeaseWish wish(@Nullable Lease current, long atLeast, long want) {
        LeaseState said = state;
        // Named where it is known, or refusals would be counted in the next one.
        Instant window = said == null ? null : said.windowStart();
        return new LeaseWish(
                policy.id(),
                current == null ? window : current.windowStart(),
                current == null ? null : current.id(),
                atLeast,
                want,
                current == null ? 0 : current.returned(),
                refused.get(),
                ownRate());
    }

    /** Asks only where the policy stands. */
    LeaseWish question() {
        return wish(lease, 0, 0);
    }

    /** What came back of every lease. */
    List<LeaseWish> lastWords() {
        past.repeat();
        List<LeaseWish> words = past.news();
        if (lease != null) {
            words.add(question());
        }
        return words;
    }

    private boolean hasNews(long now) {
        Lease current = lease;
        long returned = current == null ? 0 : current.returned();
        boolean inUse = current != null && (open.get() > 0 || current.available() > 0 || holds());
        return returned != toldReturned
                || (inUse && now - askedAt >= properties.renewInterval().toNanos())
                || (refused.get() != toldRefused && now - askedAt >= SECOND_NANOS)
                || isInDoubt(now);
    }

    /**
     * A request that seemed to fail is made again, and may be granted both times, the second time
     * after its answer. So some time after the last one there is a look at what was granted, or it
     * would stay with a gateway that does not know of it. The end of a window does not end the
     * doubt: a registry whose clock is ahead has granted of the next one already.
     */
    private boolean isInDoubt(long now) {
        return doubtful && now - wantedAt >= DOUBT_NANOS;
    }

    /** After an answer. */
    private boolean isStillDoubtful(Answer answer) {
        if (!doubtful || answer == Answer.GONE) {
            return false;
        }
        boolean looked = askedAt - wantedAt >= DOUBT_NANOS;
        if (looked && state == null) {
            // It told of a window that is over, and not of what was granted in the present one.
            wantedAt = askedAt;
            return true;
        }
        return !looked;
    }

    /**
     * Applies what the registry says of one lease of this policy.
     *
     * @param sentAt when the request was sent
     */
    synchronized Answer apply(LeaseState said, Instant registryTime, long sentAt, long now) {
        Lease old = past.find(said.leaseId());
        if (old != null) {
            old.apply(said.amount(), sentAt, now);
            return Answer.SAME;
        }
        if (isOfFormerWindow(said)) {
            return Answer.SAME;
        }
        if (said.windowEnd() != null && !registryTime.isBefore(said.windowEnd())) {
            endWindow(now);
            return Answer.MORE;
        }
        if (state == null || stateAskedAt - sentAt <= 0) {
            state = said;
            stateTime = registryTime;
            stateAskedAt = sentAt;
        }
        return said.leaseId() == null
                ? Answer.SAME
                : apply(said, said.leaseId(), usableUntil(said, registryTime, sentAt), now);
    }

    private Answer apply(LeaseState said, UUID leaseId, long until, long now) {
        Lease current = lease;
        if (current == null || !current.id().equals(leaseId)) {
            endWindow(now);
            state = said;
            current = new Lease(leaseId, said.windowStart(), until);
            lease = current;
        }
        long more = current.apply(said.amount(), until, now);
        if (more == 0) {
            return Answer.SAME;
        }
        grown(current, more, now);
        return Answer.MORE;
    }

    /** Registry time at an answer is at most what it says plus the time since the question. */
    private static long usableUntil(LeaseState said, Instant registryTime, long sentAt) {
        long valid = Math.max(0, said.validMillis());
        Instant end = said.windowEnd();
        if (end != null) {
            valid = Math.min(valid, Duration.between(registryTime, end).toMillis());
        }
        return sentAt + valid * 1_000_000;
    }

    /** A reply that was overtaken by the end of its window, and long ago. */
    private boolean isOfFormerWindow(LeaseState said) {
        Lease current = lease;
        return current != null && said.windowStart().isBefore(current.windowStart());
    }

    /** The next lease will be of another window. */
    synchronized void endWindow(long now) {
        Lease current = lease;
        if (current != null) {
            past.add(current, now);
            lease = null;
            toldReturned = 0;
        }
        refused.set(0);
        toldRefused = 0;
        state = null;
    }

    /** Ends the window when it is over by this gateway's own reckoning. */
    synchronized void endWindowIfOver(long now) {
        LeaseState said = state;
        if (said != null
                && said.windowEnd() != null
                && now - stateAskedAt >= Duration.between(stateTime, said.windowEnd()).toNanos()) {
            endWindow(now);
        }
    }

    private boolean isServed(Waiter waiter, long now) {
        Take take = take(waiter.least, waiter.most, now);
        if (take != null) {
            waiter.serve(take, now);
        }
        return take != null;
    }

    /** After a reply: serves who waits, refuses who cannot be served by asking again. */
    synchronized void answered(Answer answer, long now) {
        List<Waiter> left = waiting.answered(waiter -> isServed(waiter, now));
        if (answer == Answer.GONE) {
            // The registry knows no such policy any more, and the feed will say so.
            left.forEach(waiter -> waiter.end(Decision.GRANTED));
        } else if (answer == Answer.MORE || state == null) {
            waiting.askAgain(left);
        } else {
            left.forEach(waiter -> waiter.end(conclude(waiter.least, now)));
        }
        inVain = answer != Answer.MORE;
        aheadFrom = now + (inVain ? AHEAD_IN_VAIN_NANOS : AHEAD_AGAIN_NANOS);
        everFailed = false;
        doubtful = isStillDoubtful(answer);
        past.forget(now);
        busy = false;
    }

    private Decision conclude(long least, long now) {
        Decision decision = refusal(least, now);
        if (decision instanceof Decision.Refused refusal) {
            shortLeast = least;
            shortUntil = now + shortNanos(refusal.why());
        }
        return decision;
    }

    /**
     * For how long others need not ask again. What is reserved may be free in a moment; but a call
     * that is let go on anyway should not have to wait as well.
     */
    private long shortNanos(Decision.Why why) {
        if (policy.mode() == Mode.DRY_RUN) {
            return SECOND_NANOS;
        }
        return switch (why) {
            case SPENT -> SECOND_NANOS;
            case RATE -> SECOND_NANOS / 2;
            case RESERVED, LEVEL -> SECOND_NANOS / 50;
        };
    }

    /** After a request that nobody answered. */
    synchronized void failed(long now) {
        everFailed = true;
        failedUntil = now + FAILED_NANOS;
        toldReturned = -1;
        past.repeat();
        waiting.answered(waiter -> isServed(waiter, now))
                .forEach(waiter -> waiter.end(new Decision.Unreachable(standing(now))));
        busy = false;
    }

    /** Whether nothing would be lost with this object. */
    synchronized boolean isForgettable(long now) {
        Lease current = lease;
        return !busy
                && open.get() == 0
                && !doubtful
                && past.areSettled(now)
                && (current == null || current.available() == 0)
                && !holds()
                && demand.idleNanos(now) > 600 * SECOND_NANOS;
    }
}
