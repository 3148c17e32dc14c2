package dev.atrium.node.inference;

import dev.atrium.registry.api.usage.Outcome;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/** What was computed, by operation and outcome: few enough series for any number of models. */
@Component
class CallMetrics {
    private final MeterRegistry registry;
    private final Map<Kind, Timer> timers = new ConcurrentHashMap<>();

    CallMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    void computed(String operation, Outcome outcome, long computeMicros) {
        timers.computeIfAbsent(new Kind(operation, outcome), this::timer)
                .record(Duration.ofNanos(computeMicros * 1_000));
    }

    private record Kind(String operation, Outcome outcome) {}

    private Timer timer(Kind kind) {
        return Timer.builder("atrium.node.calls")
                .description("time the engines spent on calls")
                .tag("operation", kind.operation())
                .tag("outcome", kind.outcome().name())
                .register(registry);
    }
}
