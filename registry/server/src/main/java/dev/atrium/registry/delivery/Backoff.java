package dev.atrium.registry.delivery;

import java.time.Duration;
import java.time.Instant;

/**
 * When something is tried again: later each time, until it is too old.
 *
 * @param first pause after the first failure; each further one doubles it
 * @param longest pause
 * @param giveUpAfter age at which it is given up
 */
public record Backoff(Duration first, Duration longest, Duration giveUpAfter) {
    private static final int MOST_DOUBLINGS = 20;

    /**
     * @param attempts that failed, 1 or more
     */
    public Duration pause(int attempts) {
        Duration pause = first.multipliedBy(1L << Math.min(attempts - 1, MOST_DOUBLINGS));
        return pause.compareTo(longest) < 0 ? pause : longest;
    }

    public boolean isTooOld(Instant createdAt, Instant now) {
        return createdAt.plus(giveUpAfter).isBefore(now);
    }
}
