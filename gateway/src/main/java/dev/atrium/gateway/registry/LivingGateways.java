package dev.atrium.gateway.registry;

import dev.atrium.gateway.MonotonicClock;
import java.time.Duration;

/**
 * How many gateways share what is one limit to callers. More count from the moment they are heard
 * of; fewer only when all that the former ones admitted is more than a minute old, so the parts of
 * a minute's limit never add up to more than it.
 */
final class LivingGateways {
    private static final Duration UNTIL_FEWER = Duration.ofSeconds(62);

    private final MonotonicClock clock;
    private volatile int count;
    private long lastSoMany;

    LivingGateways(MonotonicClock clock) {
        this.clock = clock;
    }

    /** 0 while nobody has told. */
    int count() {
        return count;
    }

    /** By one thread, now and then. */
    void heard(int gateways) {
        if (count == 0 || gateways >= count || clock.since(lastSoMany).compareTo(UNTIL_FEWER) > 0) {
            count = gateways;
            lastSoMany = clock.nanos();
        }
    }
}
