package dev.atrium.gateway;

import java.time.Duration;

/** Measures durations; unlike a wall clock it never jumps. A seam for tests of limits and ages. */
@FunctionalInterface
public interface MonotonicClock {
    long nanos();

    default Duration since(long earlierNanos) {
        return Duration.ofNanos(nanos() - earlierNanos);
    }
}
