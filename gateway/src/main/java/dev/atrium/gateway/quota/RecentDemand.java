package dev.atrium.gateway.quota;

import java.util.concurrent.atomic.AtomicLong;

/** How much calls wanted per second lately: half of it is from the last two looks. */
final class RecentDemand {
    /** Long enough for a pause between two bursts, short enough for a load that has moved. */
    private static final double HABIT_HALF_LIFE_NANOS = 60e9;

    private final AtomicLong sum = new AtomicLong();
    private volatile long lastAt;
    private volatile double perSecond;
    private volatile double habit;
    private long seen;
    private long lookedAt;

    RecentDemand(long now) {
        this.lastAt = now;
        this.lookedAt = now;
    }

    void add(long units, long now) {
        sum.addAndGet(units);
        lastAt = now;
    }

    boolean isNone() {
        return sum.get() == 0;
    }

    /** Time since the last demand. */
    long idleNanos(long now) {
        return now - lastAt;
    }

    double perSecond() {
        return perSecond;
    }

    /**
     * The most that calls wanted per second, half of it for each minute since: what is to be
     * expected of a demand that begins again after a pause.
     */
    double habitPerSecond() {
        return habit;
    }

    /** To be called again and again by one thread. */
    void look(long now) {
        long passed = now - lookedAt;
        if (passed < 100_000_000L) {
            return;
        }
        long all = sum.get();
        double recent = (all - seen) * 1e9 / passed;
        perSecond = perSecond * 0.7 + recent * 0.3;
        if (perSecond < 1e-3) {
            perSecond = 0;
        }
        double faded = habit * Math.pow(0.5, passed / HABIT_HALF_LIFE_NANOS);
        habit = Math.max(perSecond, faded < 1e-3 ? 0 : faded);
        seen = all;
        lookedAt = now;
    }
}
