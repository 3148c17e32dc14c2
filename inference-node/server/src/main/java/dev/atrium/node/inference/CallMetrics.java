package dev.atrium.node.inference;

import dev.atrium.registry.api.usage.Outcome;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import org.springframework.stereotype.Component;

/** What was computed, by operation and outcome: few enough series for any number of models. */
@Component
class CallMetrics {
    private final MeterRegistry registry;

    CallMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    void computed(String operation, Outcome outcome, long computeMicros) {
        Timer.builder("atrium.node.calls")
                .description("time the engines spent on calls")
                .tag("operation", operation)
                .tag("outcome", outcome.name())
                .register(registry)
                .record(Duration.ofNanos(computeMicros * 1_000));
    }
}
