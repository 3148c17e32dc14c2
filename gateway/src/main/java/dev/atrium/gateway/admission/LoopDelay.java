package dev.atrium.gateway.admission;

/**
 * How late one event loop is, by a beat that it should keep. Between beats it is at least as late
 * as the next one is overdue, so what waited behind a blockage is known to be late at once.
 */
final class LoopDelay {
    private final long periodNanos;
    private final Watermarks marks;
    private volatile long beatAt;
    private volatile long lastLate;

    LoopDelay(long periodNanos, long now, Watermarks marks) {
        this.periodNanos = periodNanos;
        this.beatAt = now;
        this.marks = marks;
    }

    /** Called by the loop itself. */
    void beat(long now) {
        lastLate = overdue(now);
        beatAt = now;
        marks.isOver(lastLate);
    }

    long nanos(long now) {
        return Math.max(lastLate, overdue(now));
    }

    boolean isTooLong(long now) {
        return marks.isOver(nanos(now));
    }

    private long overdue(long now) {
        return Math.max(0, now - beatAt - periodNanos);
    }
}
