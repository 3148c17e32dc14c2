package dev.atrium.gateway.admission;

import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Requests of one principal in the last minute.
 *
 * <p>A sliding window of one-second slots: a request counts until its whole slot is 60 s old, so
 * there are never more than {@code limit} requests in any 60 s, wherever they begin. The price is
 * that a place is given back up to one second late. A bucket that refills would let a caller with a
 * limit of 60 make 119 requests in its first minute, which nobody expects of "60 per minute".
 */
final class RequestWindow {
    private static final int SLOTS = 61;
    private static final long SLOT_NANOS = 1_000_000_000L;

    private final int[] counts = new int[SLOTS];
    private long newestSlot;
    private int total;
    private boolean retired;

    /**
     * @return null when this window is retired and its successor must be asked
     */
    synchronized @Nullable Admission admit(int limit, long now) {
        if (retired) {
            return null;
        }
        slideTo(now);
        if (total >= limit) {
            return new Admission.Rejected(limit, untilFree(limit, now), untilEmpty(now));
        }
        counts[index(newestSlot)]++;
        total++;
        return new Admission.Admitted(limit, limit - total, untilEmpty(now));
    }

    /** Takes the window out of use when it holds no request. */
    synchronized boolean retireIfIdle(long now) {
        slideTo(now);
        retired = total == 0;
        return retired;
    }

    private void slideTo(long now) {
        long slot = Math.floorDiv(now, SLOT_NANOS);
        if (total == 0 || slot - newestSlot >= SLOTS) {
            Arrays.fill(counts, 0);
            total = 0;
            newestSlot = slot;
        }
        while (newestSlot < slot) {
            newestSlot++;
            total -= counts[index(newestSlot)];
            counts[index(newestSlot)] = 0;
        }
    }

    /** Until enough slots have left the window for one more request. */
    private Duration untilFree(int limit, long now) {
        int left = total;
        for (long slot = newestSlot - SLOTS + 1; slot <= newestSlot; slot++) {
            left -= counts[index(slot)];
            if (left < limit) {
                return until(slot + SLOTS, now);
            }
        }
        // The limit is zero: nothing will ever fit.
        return until(newestSlot + SLOTS, now);
    }

    private Duration untilEmpty(long now) {
        return total == 0 ? Duration.ZERO : until(newestSlotInUse() + SLOTS, now);
    }

    private long newestSlotInUse() {
        long slot = newestSlot;
        while (counts[index(slot)] == 0) {
            slot--;
        }
        return slot;
    }

    private static Duration until(long slot, long now) {
        return Duration.ofNanos(slot * SLOT_NANOS - now);
    }

    private static int index(long slot) {
        return Math.floorMod(slot, SLOTS);
    }
}
