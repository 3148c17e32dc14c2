package dev.atrium.bench;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/** The first million durations of a stretch of load. */
final class Latencies {
    private static final int KEPT = 1 << 20;

    private final long[] nanos = new long[KEPT];
    private final AtomicInteger count = new AtomicInteger();

    void add(long duration) {
        int number = count.getAndIncrement();
        if (number < KEPT) {
            nanos[number] = duration;
        }
    }

    int count() {
        return count.get();
    }

    /** In microseconds, 0 where there is none. */
    double quantile(double part) {
        int kept = Math.min(count.get(), KEPT);
        if (kept == 0) {
            return 0;
        }
        long[] sorted = Arrays.copyOf(nanos, kept);
        Arrays.sort(sorted);
        return sorted[Math.min(kept - 1, (int) (kept * part))] / 1e3;
    }
}
