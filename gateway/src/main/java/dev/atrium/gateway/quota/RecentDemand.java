package dev.atrium.gateway.quota;

import java.util.concurrent.atomic.AtomicLong;

/** How much calls wanted per second lately: half of it is from the last two looks. */
final class RecentDemand {
    private final AtomicLong sum = new AtomicLong();
    private volatile long lastAt;
    private volatile double perSecond;
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
        seen = all;
        lookedAt = now;
    }
}
