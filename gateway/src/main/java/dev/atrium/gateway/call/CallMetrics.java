package dev.atrium.gateway.call;

import dev.atrium.gateway.upstream.NodeFailure;
import dev.atrium.registry.api.usage.UsageRecord;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Locale;
import org.springframework.stereotype.Component;

/** Counts calls by operation, outcome and status; never by tenant or model, which are unbounded. */
@Component
class CallMetrics {
    private final MeterRegistry meters;

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

    void attemptFailed(Throwable failure) {
        String kind = failure instanceof NodeFailure ? failure.getClass().getSimpleName() : "other";
        meters.counter("atrium.gateway.attempts.failed", "kind", kind).increment();
    }
}
