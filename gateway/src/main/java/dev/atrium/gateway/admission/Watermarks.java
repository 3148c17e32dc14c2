package dev.atrium.gateway.admission;

/**
 * Whether a value is too high: above the upper mark, and from then on until it is below the lower
 * one, so that a value at the mark does not make calls succeed and fail by turns.
 */
final class Watermarks {
    private final long upper;
    private final long lower;
    private volatile boolean over;

    Watermarks(long upper, long lower) {
        this.upper = upper;
        this.lower = lower;
    }

    boolean isOver(long value) {
        boolean now = value > (over ? lower : upper);
        if (now != over) {
            over = now;
        }
        return now;
    }

    /** As of the last value. */
    boolean wasOver() {
        return over;
    }
}
