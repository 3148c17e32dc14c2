package dev.atrium.gateway.admission;

import dev.atrium.gateway.MonotonicClock;
import dev.atrium.gateway.authentication.Caller;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/**
 * Counts the requests per minute of each key, and of each user or service account per tenant, that
 * this gateway admits by itself.
 */
@Component
public class RateLimiter {
    private static final long SWEEP_NANOS = 60_000_000_000L;

    private final MonotonicClock clock;
    private final ConcurrentHashMap<String, RequestWindow> windows = new ConcurrentHashMap<>();
    private volatile long sweptAt;

    RateLimiter(MonotonicClock clock) {
        this.clock = clock;
        this.sweptAt = clock.nanos();
    }

    /**
     * @param share how many requests of any minute this gateway may admit
     */
    public Admission admit(Caller caller, int share) {
        long now = clock.nanos();
        sweep(now);
        String principal = caller.principalKey();
        while (true) {
            Admission admission = window(principal).admit(share, now);
            if (admission != null) {
                return admission;
            }
            // Swept in this very moment: count in its successor.
        }
    }

    private RequestWindow window(String principal) {
        // get() first: it never locks, computeIfAbsent may.
        RequestWindow window = windows.get(principal);
        return window != null
                ? window
                : windows.computeIfAbsent(principal, key -> new RequestWindow());
    }

    /**
     * Only authenticated callers get a window, so there are never more than keys and principals.
     */
    private void sweep(long now) {
        if (now - sweptAt < SWEEP_NANOS) {
            return;
        }
        sweptAt = now;
        windows.values().removeIf(window -> window.retireIfIdle(now));
    }
}
