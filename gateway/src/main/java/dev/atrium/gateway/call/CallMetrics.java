package dev.atrium.gateway.call;

import dev.atrium.gateway.upstream.NodeFailure;
import dev.atrium.registry.api.catalog.ModelId;
import dev.atrium.registry.api.pricing.Consumption;
import dev.atrium.registry.api.pricing.Price;
import dev.atrium.registry.api.quota.Charge;
import dev.atrium.registry.api.usage.UsageRecord;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Counts calls by operation, outcome and status; never by tenant or model, which are unbounded. */
@Component
class CallMetrics {
    private static final Logger LOG = LoggerFactory.getLogger(CallMetrics.class);
    private static final int MOST_WARNINGS = 10_000;

    private final MeterRegistry meters;
    private final Set<ModelId> exceeding = ConcurrentHashMap.newKeySet();

    CallMetrics(MeterRegistry meters) {
        this.meters = meters;
    }

    void settled(UsageRecord usage, Duration age) {
        String operation = usage.operation().name().toLowerCase(Locale.ROOT);
        meters.timer(
                        "atrium.gateway.calls",
                        "operation",
                        operation,
                        "outcome",
                        usage.outcome().name().toLowerCase(Locale.ROOT),
                        "status",
                        Integer.toString(usage.httpStatus()))
                .record(age);
        meters.counter("atrium.gateway.tokens", "operation", operation, "type", "input")
                .increment(usage.inputTokens());
        meters.counter("atrium.gateway.tokens", "operation", operation, "type", "output")
                .increment(usage.outputTokens());
    }

    /** A call that used more than its worst case; its charge stays at that. */
    void excess(UsageRecord usage, @Nullable Price price) {
        Consumption call = usage.consumption();
        for (Charge charge : usage.charges()) {
            long used = charge.unit().used(call, price);
            if (charge.leaseId() != null && used > charge.reserved()) {
                meters.counter("atrium.quota.excess", "unit", charge.unit().name())
                        .increment(used - charge.reserved());
                warn(usage, charge, used);
            }
        }
    }

    private void warn(UsageRecord usage, Charge charge, long used) {
        if (exceeding.size() < MOST_WARNINGS && exceeding.add(usage.modelId())) {
            LOG.warn(
                    "model {} used {} {} in call {}, more than the {} that it could use at worst;"
                            + " said once per model",
                    usage.modelName(),
                    used,
                    charge.unit(),
                    usage.callId(),
                    charge.reserved());
        }
    }

    void attemptFailed(Throwable failure) {
        String kind = failure instanceof NodeFailure ? failure.getClass().getSimpleName() : "other";
        meters.counter("atrium.gateway.attempts.failed", "kind", kind).increment();
    }
}
