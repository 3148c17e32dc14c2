package dev.atrium.node.model;

import dev.atrium.registry.api.deployment.ReplicaState;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.stereotype.Component;

/** How many copies are in which state, and how many calls they hold. */
@Component
class ReplicaMetrics {

    ReplicaMetrics(Replicas replicas, MeterRegistry registry) {
        for (ReplicaState state : ReplicaState.values()) {
            Gauge.builder("atrium.node.replicas", () -> count(replicas, state))
                    .description("copies of versions on this node")
                    .tag("state", state.name())
                    .register(registry);
        }
        Gauge.builder("atrium.node.in.flight", replicas::inFlight)
                .description("calls that wait or run")
                .register(registry);
    }

    private static long count(Replicas replicas, ReplicaState state) {
        return replicas.reports().stream().filter(report -> report.state() == state).count();
    }
}
