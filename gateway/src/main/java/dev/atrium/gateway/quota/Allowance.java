package dev.atrium.gateway.quota;

import dev.atrium.registry.api.feed.FeedPolicy;
import dev.atrium.registry.api.quota.LeaseState;
import dev.atrium.registry.api.quota.LeaseWish;
import dev.atrium.registry.api.quota.Mode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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

    private static final Duration LAST_RETURNS = Duration.ofSeconds(30);
    private static final long TELL_REFUSED_NANOS = 1_000_000_000L;
    private static final long LONGEST_SHORT_NANOS = 1_000_000_000L;

    final QuotaProperties properties;
    final RecentDemand demand;
    volatile FeedPolicy policy;
    volatile @Nullable Lease lease;
    volatile @Nullable LeaseState state;
    volatile @Nullable Instant stateTime;
    volatile long stateAskedAt;
    private volatile long shortUntil;
    private volatile long shortLeast;

    private final List<Waiter> waiting = new ArrayList<>();
    private final List<Past> past = new ArrayList<>();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong refused = new AtomicLong();
    private List<Waiter> asked = List.of();
    private volatile boolean busy;
    private volatile boolean wanted;
    private volatile long failedUntil;
    private volatile boolean everFailed;
    private long askedAt;
    private long toldReturned;
    private long toldRefused;

    /** What a reply says of a policy. */
    enum Answer {
        /** Nothing: there is no such policy. */
        GONE,
        /** There is nothing more to be had at the moment. */
        SAME,
        /** There is more to take, or another window. */
        MORE
    }

    /** A lease of a window that is over, and how much of it the registry knows to be returned. */
    private static final class Past {
        private final Lease lease;
        private final long endedAt;
        private long told = -1;

        Past(Lease lease, long endedAt) {
            this.lease = lease;
            this.endedAt = endedAt;
        }
    }

    Allowance(FeedPolicy policy, QuotaProperties properties, long now) {
        this.policy = policy;
        this.properties = properties;
        this.demand = new RecentDemand(now);
        this.askedAt = now - properties.renewInterval().toNanos();
        this.shortUntil = now;
        this.failedUntil = now;
    }

    /** Takes at once, or not at all. */
    abstract @Nullable Take take(long least, long most, long now);

    abstract void putBack(Take take, long units, long now);

    /** How much more of a lease would let a call take so much; 0 when no lease would. */
    abstract long lacking(long units, long now);

    /** What to fetch ahead of need; 0 when there is enough. */
    abstract long ahead(long now);

    abstract Standing standing(long now);

    /** What to tell a call that cannot have so much. */
    abstract Decision refusal(long least, long now);

    /** Another gateway needs what nobody needs here. */
    abstract void recalled(long now);

    /** Regular upkeep: what lapsed, what is idle, what is on its way out. */
    abstract void keep(long now);

    abstract void giveEverythingBack(long now);

    /** The lease has grown. */
    abstract void grown(Lease grown, long more, long now);

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

    /**
     * @return whether there is room for one more
     */
    boolean await(Waiter waiter) {
        synchronized (waiting) {
            waiting.removeIf(each -> !each.isWaiting());
            return waiting.size() < properties.maxWaiting() && waiting.add(waiter);
        }
    }

    /** Asks only where the policy stands. */
    LeaseWish question() {
        Lease current = lease;
        return new LeaseWish(
                policy.id(),
                window(current),
                current == null ? null : current.id(),
                0,
                0,
                current == null ? 0 : current.returned(),
                refused.get());
    }

    /** What there is to say to the registry now; empty while something is being said. */
    synchronized List<LeaseWish> wishes(long now) {
        if (busy || isUnreachable(now)) {
            return List.of();
        }
        List<LeaseWish> wishes = new ArrayList<>();
        for (Past old : past) {
            long returned = old.lease.returned();
            if (returned != old.told) {
                old.told = returned;
                wishes.add(wishOf(old.lease));
            }
        }
        LeaseWish own = ownWish(now);
        if (own != null) {
            wishes.add(own);
        }
        if (wishes.isEmpty()) {
            return List.of();
        }
        busy = true;
        wanted = false;
        askedAt = now;
        return wishes;
    }

    /** What came back of every lease. */
    synchronized List<LeaseWish> lastWords() {
        List<LeaseWish> words = new ArrayList<>();
        for (Past old : past) {
            words.add(wishOf(old.lease));
        }
        if (lease != null) {
            words.add(question());
        }
        return words;
    }

    /** Named where it is known, or refusals would be counted in the next one. */
    private @Nullable Instant window(@Nullable Lease current) {
        LeaseState said = state;
        if (current != null) {
            return current.windowStart();
        }
        return said == null ? null : said.windowStart();
    }

    private LeaseWish wishOf(Lease old) {
        return new LeaseWish(policy.id(), old.windowStart(), old.id(), 0, 0, old.returned(), 0);
    }

    private @Nullable LeaseWish ownWish(long now) {
        asked = takeWaiting().stream().filter(waiter -> !isServed(waiter, now)).toList();
        long least = Long.MAX_VALUE;
        long sum = 0;
        for (Waiter waiter : asked) {
            least = Math.min(least, lacking(waiter.least, now));
            sum = Math.min(Long.MAX_VALUE / 4, sum + lacking(waiter.most, now));
        }
        long atLeast = asked.isEmpty() ? 0 : Math.max(1, least);
        long want = Math.max(atLeast, Math.min(Long.MAX_VALUE / 4, sum + ahead(now)));
        Lease current = lease;
        long returned = current == null ? 0 : current.returned();
        if (want == 0 && !wanted && !hasNews(current, returned, now)) {
            return null;
        }
        toldReturned = returned;
        toldRefused = refused.get();
        return new LeaseWish(
                policy.id(),
                window(current),
                current == null ? null : current.id(),
                atLeast,
                want,
                returned,
                toldRefused);
    }

    private boolean hasNews(@Nullable Lease current, long returned, long now) {
        boolean inUse = current != null && (open.get() > 0 || current.available() > 0 || holds());
        return returned != toldReturned
                || (inUse && now - askedAt >= properties.renewInterval().toNanos())
                || (refused.get() != toldRefused && now - askedAt >= TELL_REFUSED_NANOS);
    }

    /** Whether something is held beside what the lease has available. */
    boolean holds() {
        return false;
    }

    /** What a call waits for may have come with the answer to a former question. */
    private boolean isServed(Waiter waiter, long now) {
        Take take = take(waiter.least, waiter.most, now);
        if (take != null) {
            waiter.serve(take, now);
        }
        return take != null;
    }

    private List<Waiter> takeWaiting() {
        synchronized (waiting) {
            waiting.removeIf(each -> !each.isWaiting());
            List<Waiter> all = List.copyOf(waiting);
            waiting.clear();
            return all;
        }
    }

    /**
     * Applies what the registry says of one lease of this policy.
     *
     * @param sentAt when the request was sent
     * @return whether there is more to take than before
     */
    synchronized boolean apply(LeaseState said, Instant registryTime, long sentAt, long now) {
        Lease old = pastLease(said);
        if (old != null) {
            old.apply(said.amount(), sentAt, now);
            return false;
        }
        if (isOfFormerWindow(said)) {
            return false;
        }
        if (isOver(said, registryTime)) {
            endWindow(now);
            return true;
        }
        LeaseState before = state;
        if (before == null || stateAskedAt - sentAt <= 0) {
            state = said;
            stateTime = registryTime;
            stateAskedAt = sentAt;
        }
        if (said.leaseId() == null) {
            return false;
        }
        long until = usableUntil(said, registryTime, sentAt);
        Lease current = lease;
        if (current == null || !current.id().equals(said.leaseId())) {
            endWindow(now);
            state = said;
            current = new Lease(said.leaseId(), said.windowStart(), until);
            lease = current;
        }
        long more = current.apply(said.amount(), until, now);
        if (more > 0) {
            grown(current, more, now);
        }
        return more > 0;
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

    private @Nullable Lease pastLease(LeaseState said) {
        for (Past old : past) {
            if (old.lease.id().equals(said.leaseId())) {
                return old.lease;
            }
        }
        return null;
    }

    /** A reply that was overtaken by the end of its window, and long ago. */
    private boolean isOfFormerWindow(LeaseState said) {
        Lease current = lease;
        return current != null && said.windowStart().isBefore(current.windowStart());
    }

    private static boolean isOver(LeaseState said, Instant registryTime) {
        return said.windowEnd() != null && !registryTime.isBefore(said.windowEnd());
    }

    /** The next lease will be of another window. */
    synchronized void endWindow(long now) {
        Lease current = lease;
        if (current != null) {
            current.end();
            past.add(new Past(current, now));
            lease = null;
            toldReturned = 0;
        }
        refused.set(0);
        toldRefused = 0;
        state = null;
    }

    /** Ends the window when it is over by this gateway's own reckoning. */
    void endWindowIfOver(long now) {
        LeaseState said = state;
        Instant at = stateTime;
        if (said != null && at != null && said.windowEnd() != null) {
            long left = Duration.between(at, said.windowEnd()).toNanos();
            if (now - stateAskedAt >= left) {
                endWindow(now);
            }
        }
    }

    /** After a reply: serves who waits, refuses who cannot be served by asking again. */
    void answered(Answer answer, long now) {
        List<Waiter> rest = new ArrayList<>();
        for (Waiter waiter : asked) {
            if (!waiter.isWaiting() || isServed(waiter, now)) {
                continue;
            }
            if (answer == Answer.GONE) {
                // The registry knows no such policy any more, and the feed will say so.
                waiter.end(Decision.GRANTED);
            } else if (answer == Answer.MORE || state == null) {
                rest.add(waiter);
            } else {
                waiter.end(conclude(waiter.least, now));
            }
        }
        asked = List.of();
        everFailed = false;
        synchronized (waiting) {
            waiting.addAll(0, rest);
        }
        synchronized (this) {
            forgetPast(now);
            busy = false;
        }
    }

    private Decision conclude(long least, long now) {
        Decision decision = refusal(least, now);
        if (decision instanceof Decision.Refused refusal) {
            shortLeast = least;
            shortUntil = now + shortNanos(refusal.why());
            if (policy.mode() == Mode.DRY_RUN) {
                // A call that is let go on anyway should not have to wait as well.
                shortUntil = now + LONGEST_SHORT_NANOS;
            }
        }
        return decision;
    }

    /** For how long others need not ask again; what is reserved may be free in a moment. */
    private static long shortNanos(Decision.Why why) {
        return switch (why) {
            case SPENT -> LONGEST_SHORT_NANOS;
            case RATE -> 500_000_000L;
            case RESERVED, LEVEL -> 20_000_000L;
        };
    }

    /** After a request that nobody answered. */
    synchronized void failed(long now) {
        everFailed = true;
        failedUntil = now + 200_000_000L;
        toldReturned = -1;
        past.forEach(old -> old.told = -1);
        asked.forEach(waiter -> waiter.end(new Decision.Unreachable(standing(now))));
        asked = List.of();
        busy = false;
    }

    /** What comes back of a window that is over comes within moments: calls not made after all. */
    private void forgetPast(long now) {
        past.removeIf(old ->
                old.told == old.lease.returned() && now - old.endedAt > LAST_RETURNS.toNanos());
    }

    /** Whether nothing would be lost with this object. */
    synchronized boolean isForgettable(long now) {
        Lease current = lease;
        return !busy
                && open.get() == 0
                && past.isEmpty()
                && (current == null || current.available() == 0)
                && !holds()
                && demand.idleNanos(now) > 600_000_000_000L;
    }
}
