package dev.atrium.gateway.admission;

import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.stereotype.Component;

/** The gateway's own bound on calls at a time: beyond it, refusing early beats serving late. */
@Component
public class InFlightCalls {
    private final AtomicInteger inFlight = new AtomicInteger();
    private final int limit;

    InFlightCalls(AdmissionProperties properties) {
        this.limit = properties.maxInFlight();
    }

    /**
     * Takes a place; every success is followed by exactly one {@link #leave}.
     *
     * @return whether there was one
     */
    public boolean tryEnter() {
        if (inFlight.incrementAndGet() <= limit) {
            return true;
        }
        inFlight.decrementAndGet();
        return false;
    }

    public void leave() {
        inFlight.decrementAndGet();
    }

    public int count() {
        return inFlight.get();
    }
}
