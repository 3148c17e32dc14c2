package dev.atrium.gateway.admission;

import dev.atrium.gateway.MonotonicClock;
import dev.atrium.gateway.authentication.Caller;
import dev.atrium.registry.api.identity.PrincipalKind;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/** Enforces the requests per minute of each key, and of each user or service account per tenant. */
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

    public Admission admit(Caller caller) {
        long now = clock.nanos();
        sweep(now);
        String principal = principal(caller);
        while (true) {
            Admission admission = window(principal).admit(caller.requestsPerMinute(), now);
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

    private static String principal(Caller caller) {
        return caller.principalKind() == PrincipalKind.API_KEY
                ? caller.principalId()
                : caller.tenantId() + "/" + caller.principalId();
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
