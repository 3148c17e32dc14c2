package dev.atrium.gateway.quota;

import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the registry has granted this gateway of one window of one policy: units, slices or permits.
 *
 * <p>At any time {@code amount = returned + available + taken}, where only the first two are said
 * to the registry, as sums over the lease's life. Calls take and put back by compare-and-set.
 *
 * <p>A lease that was not renewed in time <em>lapses</em>: the registry may have given up what it
 * held, so nothing of it is used any more. What is still taken then goes back to the registry, and
 * not to other calls, when it is put back; the generation that a taker remembers tells.
 */
final class Lease {
    private final UUID id;
    private final Instant windowStart;
    private final AtomicLong available = new AtomicLong();
    private final AtomicLong returned = new AtomicLong();
    private volatile int generation;
    private volatile long usableUntil;
    private volatile boolean lapsed;
    private volatile boolean over;
    private long amount;

    Lease(UUID id, Instant windowStart, long usableUntil) {
        this.id = id;
        this.windowStart = windowStart;
        this.usableUntil = usableUntil;
    }

    UUID id() {
        return id;
    }

    Instant windowStart() {
        return windowStart;
    }

    /** Changes when the lease lapses; to be read before taking. */
    int generation() {
        return generation;
    }

    long available() {
        return available.get();
    }

    /** All that was given back so far, as the registry wants to know it. */
    long returned() {
        return returned.get();
    }

    /** Granted and not given back: available here, or with calls. */
    synchronized long held() {
        return amount - returned.get();
    }

    boolean isUsable(long now) {
        return !over && usableUntil - now > 0;
    }

    /** Takes between {@code least} and {@code most}; 0 when there is not even {@code least}. */
    long take(long least, long most, long now) {
        while (isUsable(now)) {
            long there = available.get();
            long taken = Math.min(most, there);
            if (taken < least || taken <= 0) {
                return 0;
            }
            if (available.compareAndSet(there, there - taken)) {
                return taken;
            }
        }
        return 0;
    }

    /** For a taker that did not need it after all. */
    void putBack(long units, int takenIn) {
        if (takenIn == generation && !over) {
            available.addAndGet(units);
            if (takenIn != generation) {
                // It lapsed at this very moment.
                giveBack();
            }
        } else {
            returned.addAndGet(units);
        }
    }

    /** Gives what nobody has taken back to the registry. */
    long giveBack() {
        long rest = available.getAndSet(0);
        returned.addAndGet(rest);
        return rest;
    }

    /**
     * Applies a reply, which may be late, repeated or overtaken.
     *
     * @param granted the sum that it names
     * @param until when what it grants must not be used any more
     * @return how much became available by it
     */
    synchronized long apply(long granted, long until, long now) {
        lapseIfOver(now);
        long more = Math.max(0, granted - amount);
        amount += more;
        if (over || until - now <= 0) {
            returned.addAndGet(more);
            return 0;
        }
        if (lapsed || until - usableUntil > 0) {
            usableUntil = until;
            lapsed = false;
        }
        available.addAndGet(more);
        return more;
    }

    /** Stops using the lease when it was not renewed in time. */
    synchronized boolean lapseIfOver(long now) {
        if (lapsed || usableUntil - now > 0) {
            return false;
        }
        lapse();
        return true;
    }

    /** The window is over: nothing of it is taken any more. */
    synchronized void end() {
        over = true;
        lapse();
    }

    private void lapse() {
        // In this order: a taker that saw the old generation finds nothing, or puts it back right.
        giveBack();
        generation++;
        lapsed = true;
    }
}
