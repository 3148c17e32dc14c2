package dev.atrium.standalone.launcher;

import java.time.Duration;

/**
 * How many processes of each service an installation has.
 *
 * @param sound a process that lived this long is started again at once when it dies
 */
public record Shape(int registries, int nodes, int gateways, boolean hasPortal, Duration sound) {
    /** One of each, as people start it. */
    public static final Shape STANDALONE = new Shape(1, 1, 1, true, Duration.ofMinutes(1));
}
