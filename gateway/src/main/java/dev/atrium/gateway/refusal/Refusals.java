package dev.atrium.gateway.refusal;

import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.api.usage.RefusedCall;
import dev.atrium.registry.api.usage.ShipRefusals;
import dev.atrium.registry.api.usage.UnlistedRefusals;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Refused calls on their way to the registry, in memory alone. Taking one note never waits and
 * costs the same however many are refused; what is beyond the bounds becomes a count, and what is
 * beyond those a number in the metrics.
 */
@Component
public class Refusals {
    private final TenantSeconds seconds;
    private final UnlistedCounts counts;
    private final int maxWaiting;
    private final ConcurrentLinkedQueue<RefusedCall> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final Clock clock;
    private final Counter listed;
    private final Counter counted;
    private final Counter dropped;

    Refusals(RefusalProperties properties, Clock clock, MeterRegistry meters) {
        this.seconds = new TenantSeconds(properties.listedPerSecond());
        this.counts = new UnlistedCounts(properties.maxCounts());
        this.maxWaiting = properties.maxWaiting();
        this.clock = clock;
        this.listed = counter(meters, "listed");
        this.counted = counter(meters, "counted");
        this.dropped = counter(meters, "dropped");
    }

    private static Counter counter(MeterRegistry meters, String kept) {
        return Counter.builder("atrium.gateway.refusals")
                .description("Refused calls of known callers, by what the registry is told of them")
                .tag("kept", kept)
                .register(meters);
    }

    /**
     * @param record made only where there is room for it
     */
    public void note(TenantId tenant, String code, Supplier<RefusedCall> record) {
        Instant now = clock.instant();
        if (seconds.tryTake(tenant, now.getEpochSecond()) && takePlace()) {
            waiting.add(record.get());
            listed.increment();
        } else if (counts.add(tenant, now, code)) {
            counted.increment();
        } else {
            dropped.increment();
        }
    }

    private boolean takePlace() {
        if (size.incrementAndGet() <= maxWaiting) {
            return true;
        }
        size.decrementAndGet();
        return false;
    }

    /** The next ones to tell; they hold their places until they are {@link #told}. */
    List<RefusedCall> next() {
        List<RefusedCall> batch = new ArrayList<>();
        while (batch.size() < ShipRefusals.MOST) {
            @Nullable RefusedCall call = waiting.poll();
            if (call == null) {
                break;
            }
            batch.add(call);
        }
        return batch;
    }

    List<UnlistedRefusals> untoldCounts() {
        return counts.untold(ShipRefusals.MOST);
    }

    /** The registry knows these now. */
    void told(List<RefusedCall> calls, List<UnlistedRefusals> lines) {
        done(calls, lines);
    }

    /** Nobody will know these. */
    void lost(List<RefusedCall> calls, List<UnlistedRefusals> lines) {
        dropped.increment(done(calls, lines));
    }

    private long done(List<RefusedCall> calls, List<UnlistedRefusals> lines) {
        size.addAndGet(-calls.size());
        Instant now = clock.instant();
        seconds.forget(now.getEpochSecond());
        return calls.size() + counts.told(lines, now);
    }

    int waiting() {
        return size.get();
    }
}
