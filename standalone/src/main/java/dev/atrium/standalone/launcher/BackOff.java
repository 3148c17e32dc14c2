package dev.atrium.standalone.launcher;

import java.time.Duration;

/**
 * How long to wait before a dead service is started again: doubling from 250 ms to 30 s, from the
 * beginning once it has lived for a minute.
 */
final class BackOff {
    private static final Duration FIRST = Duration.ofMillis(250);
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Duration SOUND = Duration.ofMinutes(1);

    private Duration next = FIRST;

    /**
     * @param lived how long the service ran this time
     */
    Duration after(Duration lived) {
        if (lived.compareTo(SOUND) >= 0) {
            next = FIRST;
        }
        Duration wait = next;
        Duration doubled = next.multipliedBy(2);
        next = doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
        return wait;
    }
}
