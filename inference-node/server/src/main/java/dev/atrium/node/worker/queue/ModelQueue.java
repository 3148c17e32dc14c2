package dev.atrium.node.worker.queue;

import dev.atrium.node.worker.queue.FairOrder.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue in front of a bounded number of places, each of which computes one batch at a
 * time.
 *
 * <p>Batches are formed at the last moment, when a place is free: what has come while the last ones
 * ran goes together, and who comes late but has the earlier turn still overtakes. A tenant may fill
 * the queue only up to what is left of it, so one alone takes half, and there is always room for
 * others.
 */
public final class ModelQueue<C extends Queued> {
    /** What a tenant may save up by sending less than its part. */
    private static final int CREDIT_BATCHES = 8;

    private final QueueLimits limits;
    private final Exits<C> exits;
    private final LongSupplier clock;
    private final FairOrder<C> order = new FairOrder<>();
    private final RecentCosts costs = new RecentCosts();
    private Patience patience;
    private BatchRules rules;
    private boolean joinsNoMore;
    private int freePlaces;
    private int running;
    private @Nullable Hold hold;

    /**
     * Free places wait for callers to come back.
     *
     * @param ended how many might
     * @param waiting calls that waited already
     */
    private record Hold(long untilNanos, int ended, int waiting) {}

    public ModelQueue(QueueLimits limits, BatchRules rules, LongSupplier clock, Exits<C> exits) {
        this.limits = limits;
        this.rules = rules;
        this.clock = clock;
        this.exits = exits;
        this.freePlaces = limits.places();
        this.patience = new Patience(rules.maxDelay());
    }

    /** Whether there was room for it, and time; without them it is as if it had never come. */
    public boolean enter(C call) {
        Leaving leaving = new Leaving();
        synchronized (this) {
            if (!hasRoom(call) || !hasTime(call)) {
                return false;
            }
            order.add(call, clock.getAsLong(), CREDIT_BATCHES * costs.costPerBatch());
            release(leaving);
        }
        leaving.go();
        return true;
    }

    private boolean hasRoom(C call) {
        if (freePlaces > 0 && order.size() == 0) {
            return true;
        }
        long bytesOfTenant = order.bytesOf(call.tenant());
        long bytesLeft = limits.maxBytes() - order.bytes();
        return order.waitingOf(call.tenant()) < limits.maxCalls() - order.size()
                && call.bytes() <= bytesLeft
                && (bytesOfTenant == 0 || bytesOfTenant + call.bytes() <= bytesLeft);
    }

    /** With what its tenant has waiting, and as much of every other one, before it. */
    private boolean hasTime(C call) {
        if (freePlaces > 0) {
            return true;
        }
        int own = order.waitingOf(call.tenant());
        int tenants = order.tenants() + (own == 0 ? 1 : 0);
        int ahead = Math.min(order.size(), (own + 1) * tenants - 1);
        double wait = ahead * costs.nanosPerCall() / limits.places();
        return wait <= call.deadlineNanos() - clock.getAsLong();
    }

    /** Whether it was still waiting, and now is not. */
    public synchronized boolean withdraw(C call) {
        return order.remove(call);
    }

    /** Calls that wait or are computed. */
    public synchronized int inFlight() {
        return running + order.size();
    }

    /** From now on every call is computed alone. */
    public synchronized void stopJoining() {
        rules = BatchRules.alone();
        joinsNoMore = true;
    }

    /** Other rules from the next batch on, unless calls do not go together any more. */
    public void follow(BatchRules other) {
        synchronized (this) {
            if (joinsNoMore || rules.equals(other)) {
                return;
            }
            rules = other;
            patience = new Patience(other.maxDelay());
            hold = null;
        }
        wake();
    }

    /** Ends a wait for more calls. */
    public void wake() {
        Leaving leaving = new Leaving();
        synchronized (this) {
            release(leaving);
        }
        leaving.go();
    }

    void ended(Turn<C> turn, double[] cost) {
        Leaving leaving = new Leaving();
        synchronized (this) {
            long now = clock.getAsLong();
            double sum = 0;
            for (int i = 0; i < cost.length; i++) {
                order.settle(turn.entries().get(i), cost[i]);
                sum += cost[i];
            }
            int calls = cost.length;
            costs.ended(calls, turn.rows(), now - turn.startedNanos(), sum);
            running -= calls;
            freePlaces++;
            holdBack(calls, now, leaving);
            release(leaving);
        }
        leaving.go();
    }

    private void holdBack(int ended, long now, Leaving leaving) {
        if (hold != null || rules.maxRows() == 1) {
            return;
        }
        long pause = patience.nanos(ended, order.size(), costs.batchNanos());
        if (pause > 0) {
            hold = new Hold(now + pause, ended, order.size());
            leaving.wakeAfter = pause;
        }
    }

    private void release(Leaving leaving) {
        long now = clock.getAsLong();
        if (isHeldBack(now)) {
            return;
        }
        while (freePlaces > 0 && order.size() > 0) {
            List<Entry<C>> batch = take(now, leaving);
            if (!batch.isEmpty()) {
                freePlaces--;
                running += batch.size();
                leaving.turns.add(new Turn<>(this, batch, now));
            }
        }
    }

    private boolean isHeldBack(long now) {
        Hold held = hold;
        if (held == null) {
            return false;
        }
        int came = order.size() - held.waiting();
        if (now < held.untilNanos() && came < held.ended() && order.size() < rules.maxRows()) {
            return true;
        }
        hold = null;
        patience.waited(held.ended(), Math.max(0, came));
        return false;
    }

    /** The call whose turn it is, and those that may be computed with it in the order of turns. */
    private List<Entry<C>> take(long now, Leaving leaving) {
        List<Entry<C>> batch = new ArrayList<>();
        Optional<Entry<C>> first = next(call -> true, now, leaving);
        if (first.isEmpty()) {
            return batch;
        }
        batch.add(first.get());
        C head = first.get().call;
        Object key = head.joinKey();
        if (key == null || head.rows() >= rules.maxRows()) {
            return batch;
        }
        Room room = new Room(head, key, rules);
        Optional<Entry<C>> more = next(room::takes, now, leaving);
        while (more.isPresent()) {
            batch.add(more.get());
            room.add(more.get().call);
            more = next(room::takes, now, leaving);
        }
        cut(batch, room.rows);
        return batch;
    }

    private Optional<Entry<C>> next(Predicate<C> fits, long now, Leaving leaving) {
        Optional<Entry<C>> taken = order.take(fits, this::expectedCost);
        while (taken.isPresent() && isTooLate(taken.get().call, now)) {
            order.settle(taken.get(), 0);
            leaving.late.add(taken.get().call);
            taken = order.take(fits, this::expectedCost);
        }
        return taken;
    }

    private boolean isTooLate(C call, long now) {
        boolean late = call.deadlineNanos() - now < costs.fastestNanos();
        if (late) {
            costs.turnedAway();
        }
        return late;
    }

    private double expectedCost(C call) {
        return call.rows() * costs.costPerRow();
    }

    /** Gives back what is above a preferred size; the first call stays whatever its size. */
    private void cut(List<Entry<C>> batch, int rows) {
        int wanted = rules.cut(rows);
        int left = rows;
        while (left > wanted && batch.size() > 1) {
            Entry<C> last = batch.removeLast();
            order.giveBack(last);
            left -= last.call.rows();
        }
    }

    /** What still fits a batch. */
    private static final class Room {
        private final BatchRules rules;
        private final Queued head;
        private final Object key;
        private int rows;
        private long bytes;

        Room(Queued head, Object key, BatchRules rules) {
            this.head = head;
            this.key = key;
            this.rules = rules;
            add(head);
        }

        void add(Queued call) {
            rows += call.rows();
            bytes += call.bytes();
        }

        boolean takes(Queued call) {
            return rows + call.rows() <= rules.maxRows()
                    && bytes + call.bytes() <= rules.maxBytes()
                    && (rules.acrossTenants() || call.tenant().equals(head.tenant()))
                    && Objects.equals(call.joinKey(), key);
        }
    }

    /** What is to be told once the lock is free. */
    private final class Leaving {
        private final List<Turn<C>> turns = new ArrayList<>(1);
        private final List<C> late = new ArrayList<>(0);
        private long wakeAfter;

        void go() {
            if (wakeAfter > 0) {
                exits.wakeAfter(wakeAfter);
            }
            late.forEach(exits::tooLate);
            turns.forEach(exits::start);
        }
    }
}
