package dev.atrium.gateway.routing;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Load and recent failures of one replica. After some failures in a row it is ejected for a while;
 * when that is over, one call probes it, and a further failure ejects it for twice as long.
 *
 * <p>However many calls one incident hits, it ejects once: what fails of the calls that were begun
 * before the ejection ended says nothing new. Any success takes the replica back into use.
 */
final class ReplicaHealth {
    private final AtomicInteger inFlight = new AtomicInteger();
    private final RoutingProperties properties;
    private int failures;
    private boolean ejected;
    private long ejectionEnds;
    private long nextProbe;

    ReplicaHealth(RoutingProperties properties) {
        this.properties = properties;
    }

    int inFlight() {
        return inFlight.get();
    }

    synchronized boolean isAvailable(long now) {
        return !ejected || now - nextProbe >= 0;
    }

    /**
     * Takes a place, if it may be chosen now. The first to ask after an ejection becomes the probe;
     * a probe that never comes back is followed by another after as long a time.
     *
     * @return whether there was a place; false when another call became the probe first
     */
    synchronized boolean tryBegin(long now) {
        if (!isAvailable(now)) {
            return false;
        }
        if (ejected) {
            nextProbe = now + pause();
        }
        begin();
        return true;
    }

    /** Takes a place in spite of an ejection. */
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

    /**
     * @param begunAt when the attempt took its place
     */
    synchronized void failed(long begunAt, long now) {
        if (ejected && begunAt - ejectionEnds < 0) {
            return;
        }
        failures++;
        if (failures >= properties.failuresToEject()) {
            ejected = true;
            ejectionEnds = now + pause();
            nextProbe = ejectionEnds;
        }
    }

    private long pause() {
        int doublings = Math.min(failures - properties.failuresToEject(), 20);
        return Math.min(
                properties.ejection().toNanos() << doublings,
                properties.longestEjection().toNanos());
    }
}
