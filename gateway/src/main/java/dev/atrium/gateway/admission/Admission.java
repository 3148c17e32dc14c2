package dev.atrium.gateway.admission;

import java.time.Duration;

/** Whether a call may go on. */
public sealed interface Admission {
    /**
     * @param limit requests per minute
     * @param remaining requests left in the window
     * @param reset until the window is empty again
     */
    record Admitted(int limit, int remaining, Duration reset) implements Admission {}

    /**
     * @param retryAfter until the next request would be admitted
     * @param reset until the window is empty again
     */
    record Rejected(int limit, Duration retryAfter, Duration reset) implements Admission {}
}
