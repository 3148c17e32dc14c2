package dev.atrium.gateway.call;

import dev.atrium.registry.api.tenancy.TenantId;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Places for calls that wait at a node until their model is loaded. They are few, so that a herd of
 * calls of one cold model takes neither the gateway's calls nor the connections to the node; a call
 * without a place is answered at once, and comes again.
 */
@Component
class ColdStarts {
    private final int mostCalls;
    private final long mostBytes;
    private final Map<TenantId, Integer> callsOfTenants = new HashMap<>();
    private int calls;
    private long bytes;

    ColdStarts(ColdStartProperties properties, MeterRegistry meters) {
        this.mostCalls = properties.maxCalls();
        this.mostBytes = properties.maxBytes().toBytes();
        Gauge.builder("atrium.gateway.cold.waiting", this::waiting)
                .description("calls that may wait for their model to be loaded")
                .register(meters);
    }

    /** A place, which is free again after {@link #leave}. */
    final class Place {
        private final TenantId tenant;
        private final long size;
        private boolean left;

        private Place(TenantId tenant, long size) {
            this.tenant = tenant;
            this.size = size;
        }

        void leave() {
            synchronized (ColdStarts.this) {
                if (!left) {
                    left = true;
                    calls--;
                    bytes -= size;
                    callsOfTenants.computeIfPresent(tenant, (id, its) -> its == 1 ? null : its - 1);
                }
            }
        }
    }

    /** Empty when there is no place for a call of this tenant with such a body. */
    synchronized Optional<Place> tryEnter(TenantId tenant, long size) {
        int its = callsOfTenants.getOrDefault(tenant, 0);
        if (calls >= mostCalls || its >= Math.ceilDiv(mostCalls, 2) || size > mostBytes - bytes) {
            return Optional.empty();
        }
        calls++;
        bytes += size;
        callsOfTenants.put(tenant, its + 1);
        return Optional.of(new Place(tenant, size));
    }

    synchronized int waiting() {
        return calls;
    }
}
