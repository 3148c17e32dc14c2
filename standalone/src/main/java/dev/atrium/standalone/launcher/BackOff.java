package dev.atrium.standalone.launcher;

import java.time.Duration;

/**
 * How long to wait before a dead service is started again: doubling from 250 ms to 30 s, from the
 * beginning once it has lived long enough to be sound.
 */
final class BackOff {
    private static final Duration FIRST = Duration.ofMillis(250);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final Duration sound;
    private Duration next = FIRST;

    BackOff(Duration sound) {
        this.sound = sound;
    }

    /**
     * @param lived how long the service ran this time
     */
    Duration after(Duration lived) {
        if (lived.compareTo(sound) >= 0) {
            next = FIRST;
        }
        Duration wait = next;
        Duration doubled = next.multipliedBy(2);
        next = doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
        return wait;
    }
}
