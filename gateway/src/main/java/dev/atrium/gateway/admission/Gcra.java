package dev.atrium.gateway.admission;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/**
 * The generic cell rate algorithm, as a continuous-state leaky bucket (ITU-T I.371, annex A: the
 * same decisions as virtual scheduling), of which this gateway has a part.
 *
 * <p>A rate of {@code amount} per {@code window} with a {@code burst} is cut into slices, each of
 * which carries that part of both. With {@code h} of {@code S} slices:
 *
 * <pre>
 * credit(t) = min(burst * h / S, credit(t0) + amount / window * h / S * (t - t0))
 * take n    : conforms if n &lt;= credit, which it lowers by n
 * </pre>
 *
 * so in any stretch of time t at most {@code burst + amount * t / window} is taken.
 *
 * <p>That holds for several gateways together because credit is never made by moving slices: a
 * slice is handed on only when it is full, and takes that credit along. One that should go but is
 * not full is parked: it fills at its own rate, serves nobody, and goes when it is full. So a
 * saturated gateway hands over exactly the throughput of what it gives up, from the first moment.
 *
 * <p>What is rounded is rounded down. State changes by compare-and-set; nobody waits.
 */
public final class Gcra implements RatePart {
    private final double sliceRate;
    private final double sliceBurst;
    private final long slices;
    private final AtomicReference<State> state;

    /**
     * @param windowNanos what {@code amount} is for
     * @param slices of all gateways together
     * @param now monotonic nanoseconds, as everywhere here
     */
    public Gcra(long amount, long windowNanos, long burst, long slices, long now) {
        this.sliceRate = (double) amount / windowNanos / slices;
        this.sliceBurst = (double) burst / slices;
        this.slices = slices;
        this.state = new AtomicReference<>(new State(now, 0, 0, 0, 0));
    }

    private record State(long at, long held, double credit, long parked, double parkedCredit) {}

    @Override
    public long take(long least, long most, long now) {
        while (true) {
            State before = state.get();
            State filled = fill(before, now);
            long taken = Math.min(most, (long) filled.credit);
            if (taken < least || taken <= 0) {
                return 0;
            }
            if (state.compareAndSet(before, withCredit(filled, filled.credit - taken))) {
                return taken;
            }
        }
    }

    @Override
    public int mark(long now) {
        return 0;
    }

    /** Never more than fits, whenever it was taken. */
    @Override
    public void refund(long units, int mark, long now) {
        change(now, it -> withCredit(it, Math.min(capacity(it.held), it.credit + units)));
    }

    @Override
    public void gain(long more, long now) {
        change(
                now,
                it -> {
                    long held = it.held + more;
                    double credit = Math.min(capacity(held), it.credit + capacity(more));
                    return new State(it.at, held, credit, it.parked, it.parkedCredit);
                });
    }

    /** Sets everything beyond {@code keep} slices aside, with as much credit as is to spare. */
    @Override
    public void park(long keep, long now) {
        change(
                now,
                it -> {
                    if (it.held <= keep) {
                        return it;
                    }
                    double kept = Math.min(it.credit, capacity(keep));
                    long parked = it.parked + it.held - keep;
                    double credit = Math.min(capacity(parked), it.parkedCredit + it.credit - kept);
                    return new State(it.at, keep, kept, parked, credit);
                });
    }

    @Override
    public void unpark(long now) {
        change(now, it -> new State(it.at, it.held + it.parked, it.credit + it.parkedCredit, 0, 0));
    }

    /**
     * Takes parked slices that are full out, to be handed on.
     *
     * @return how many
     */
    @Override
    public long release(long now) {
        while (true) {
            State before = state.get();
            State filled = fill(before, now);
            long full = full(filled);
            if (full == 0) {
                return 0;
            }
            State after =
                    new State(
                            filled.at,
                            filled.held,
                            filled.credit,
                            filled.parked - full,
                            Math.max(0, filled.parkedCredit - capacity(full)));
            if (state.compareAndSet(before, after)) {
                return full;
            }
        }
    }

    /**
     * Gives everything up, full or not.
     *
     * @return how many slices these were
     */
    @Override
    public long drop(long now) {
        State last = state.getAndSet(new State(now, 0, 0, 0, 0));
        return last.held + last.parked;
    }

    @Override
    public long credit(long now) {
        return (long) fill(state.get(), now).credit;
    }

    @Override
    public long held() {
        return state.get().held;
    }

    @Override
    public long parked() {
        return state.get().parked;
    }

    @Override
    public long slices() {
        return slices;
    }

    @Override
    public long nanosUntil(long units, long now) {
        State filled = fill(state.get(), now);
        if (filled.credit >= units) {
            return 0;
        }
        if (capacity(filled.held) < units || sliceRate <= 0) {
            return Long.MAX_VALUE;
        }
        return nanos(units - filled.credit, filled.held);
    }

    @Override
    public long nanosUntilFull(long now) {
        State filled = fill(state.get(), now);
        double missing = capacity(filled.held) - filled.credit;
        return missing <= 0 || sliceRate <= 0 ? 0 : nanos(missing, filled.held);
    }

    /** Until the next parked slice is full; {@link Long#MAX_VALUE} when none is parked. */
    public long nanosUntilRelease(long now) {
        State filled = fill(state.get(), now);
        if (filled.parked == 0 || sliceRate <= 0) {
            return Long.MAX_VALUE;
        }
        return full(filled) > 0 ? 0 : nanos(sliceBurst - filled.parkedCredit, filled.parked);
    }

    @Override
    public long slicesFor(double units) {
        return (long) Math.ceil(units / sliceBurst);
    }

    @Override
    public long slicesForRate(double unitsPerSecond) {
        return sliceRate <= 0 ? 0 : (long) Math.ceil(unitsPerSecond / (sliceRate * 1e9));
    }

    private void change(long now, UnaryOperator<State> step) {
        while (true) {
            State before = state.get();
            if (state.compareAndSet(before, step.apply(fill(before, now)))) {
                return;
            }
        }
    }

    private State fill(State it, long now) {
        long passed = now - it.at;
        if (passed <= 0) {
            return it;
        }
        return new State(
                now,
                it.held,
                Math.min(capacity(it.held), grown(it.credit, it.held, passed)),
                it.parked,
                Math.min(capacity(it.parked), grown(it.parkedCredit, it.parked, passed)));
    }

    private double grown(double credit, long held, long passed) {
        return held == 0 ? credit : Math.max(0, Math.nextDown(credit + passed * sliceRate * held));
    }

    private long full(State it) {
        long full = Math.min(it.parked, (long) (it.parkedCredit / sliceBurst) + 1);
        while (capacity(full) > it.parkedCredit) {
            full--;
        }
        return full;
    }

    private double capacity(long held) {
        return held * sliceBurst;
    }

    private long nanos(double units, long held) {
        // The two nanoseconds outweigh what rounding down has taken.
        return (long) Math.min(Long.MAX_VALUE - 3, Math.ceil(units / (sliceRate * held))) + 2;
    }

    private static State withCredit(State it, double credit) {
        return new State(it.at, it.held, credit, it.parked, it.parkedCredit);
    }
}
