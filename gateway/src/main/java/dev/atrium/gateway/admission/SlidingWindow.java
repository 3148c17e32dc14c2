package dev.atrium.gateway.admission;

import java.util.Arrays;

/**
 * At most so many units in any stretch of time as long as the window, of which this gateway has a
 * part.
 *
 * <p>A slice is a place for one unit. A unit occupies its place until the sixtieth of the window in
 * which it was taken is a whole window old; only then the place serves again, here or, handed on,
 * elsewhere. Two units of one place are thus at least a window apart, so with {@code N} places all
 * gateways together take at most {@code N} in any window. The price is that a place is free up to a
 * sixtieth of the window late.
 *
 * <p>What was taken is remembered when places are given up before they are free, as at the end of a
 * lease: it goes on counting against those that come instead.
 */
public final class SlidingWindow implements RatePart {
    private static final int SLOTS = 61;

    private final long slotNanos;
    private final long[] taken = new long[SLOTS];
    private long newestSlot;
    private long inUse;
    private long held;
    private long parked;
    private long places;

    /**
     * @param places of all gateways together
     */
    public SlidingWindow(long windowNanos, long places, long now) {
        this.slotNanos = Math.ceilDiv(windowNanos, SLOTS - 1);
        this.places = places;
        this.newestSlot = slot(now);
    }

    /** Another number of all places together; what is here stays. */
    public synchronized void resize(long other) {
        places = other;
    }

    @Override
    public synchronized long take(long least, long most, long now) {
        slideTo(now);
        long units = Math.min(most, held - inUse);
        if (units < least || units <= 0) {
            return 0;
        }
        taken[index(newestSlot)] += units;
        inUse += units;
        return units;
    }

    @Override
    public synchronized int mark(long now) {
        slideTo(now);
        return (int) newestSlot;
    }

    @Override
    public synchronized void refund(long units, int mark, long now) {
        slideTo(now);
        int age = (int) newestSlot - mark;
        if (age >= 0 && age < SLOTS) {
            int index = index(newestSlot - age);
            long back = Math.min(units, taken[index]);
            taken[index] -= back;
            inUse -= back;
        }
    }

    @Override
    public synchronized void gain(long more, long now) {
        held += more;
    }

    @Override
    public synchronized void park(long keep, long now) {
        long out = held - keep;
        if (out > 0) {
            held = keep;
            parked += out;
        }
    }

    @Override
    public synchronized void unpark(long now) {
        held += parked;
        parked = 0;
    }

    @Override
    public synchronized long release(long now) {
        slideTo(now);
        long free = Math.clamp(held + parked - inUse, 0, parked);
        parked -= free;
        return free;
    }

    @Override
    public synchronized long drop(long now) {
        long all = held + parked;
        held = 0;
        parked = 0;
        return all;
    }

    @Override
    public synchronized long credit(long now) {
        slideTo(now);
        return Math.max(0, held - inUse);
    }

    @Override
    public synchronized long held() {
        return held;
    }

    @Override
    public synchronized long parked() {
        return parked;
    }

    @Override
    public synchronized long slices() {
        return places;
    }

    @Override
    public synchronized long nanosUntil(long units, long now) {
        slideTo(now);
        if (held < units) {
            return Long.MAX_VALUE;
        }
        long left = inUse;
        if (left <= held - units) {
            return 0;
        }
        long slot = newestSlot - SLOTS;
        while (left > held - units) {
            slot++;
            left -= taken[index(slot)];
        }
        return until(slot + SLOTS, now);
    }

    @Override
    public synchronized long nanosUntilFull(long now) {
        slideTo(now);
        if (inUse == 0) {
            return 0;
        }
        long slot = newestSlot;
        while (taken[index(slot)] == 0) {
            slot--;
        }
        return until(slot + SLOTS, now);
    }

    @Override
    public long slicesFor(double units) {
        return (long) Math.ceil(units);
    }

    @Override
    public long slicesForRate(double unitsPerSecond) {
        return (long) Math.ceil(unitsPerSecond * slotNanos * SLOTS / 1e9);
    }

    private void slideTo(long now) {
        long slot = slot(now);
        if (slot - newestSlot >= SLOTS) {
            Arrays.fill(taken, 0);
            inUse = 0;
            newestSlot = slot;
        }
        while (newestSlot < slot) {
            newestSlot++;
            inUse -= taken[index(newestSlot)];
            taken[index(newestSlot)] = 0;
        }
    }

    private long slot(long now) {
        return Math.floorDiv(now, slotNanos);
    }

    private long until(long slot, long now) {
        return Math.max(0, slot * slotNanos - now);
    }

    private static int index(long slot) {
        return Math.floorMod(slot, SLOTS);
    }
}
