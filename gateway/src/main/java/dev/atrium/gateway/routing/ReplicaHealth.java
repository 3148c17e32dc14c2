package dev.atrium.gateway.routing;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Load and recent failures of one replica. After some failures in a row it is ejected for a while;
 * when that is over, one call probes it, and a further failure ejects it for twice as long.
 */
final class ReplicaHealth {
    private final AtomicInteger inFlight = new AtomicInteger();
    private final RoutingProperties properties;
    private int failures;
    private long ejectedUntil;
    private boolean ejected;

    ReplicaHealth(RoutingProperties properties) {
        this.properties = properties;
    }

    int inFlight() {
        return inFlight.get();
    }

    void begin() {
        inFlight.incrementAndGet();
    }

    void end() {
        inFlight.decrementAndGet();
    }

    synchronized void succeeded() {
        failures = 0;
        ejected = false;
    }

    synchronized void failed(long now) {
        failures++;
        int over = failures - properties.failuresToEject();
        if (over >= 0) {
            long pause = properties.ejection().toNanos() << Math.min(over, 20);
            ejectedUntil = now + Math.min(pause, properties.longestEjection().toNanos());
            ejected = true;
        }
    }

    /** Whether it may be chosen now; the first to ask after an ejection becomes the probe. */
    synchronized boolean isAvailable(long now) {
        return !ejected || (now - ejectedUntil >= 0 && inFlight.get() == 0);
    }
}
