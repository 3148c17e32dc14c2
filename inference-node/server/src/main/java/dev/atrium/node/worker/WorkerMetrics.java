package dev.atrium.node.worker;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/**
 * Metrics of each model, for at most {@value #MOST_MODELS} models and {@value #MOST_TENANTS}
 * tenants of each; what is beyond is counted as {@code other}.
 */
@Component
class WorkerMetrics {
    private static final int MOST_MODELS = 100;
    private static final int MOST_TENANTS = 20;

    private final MeterRegistry registry;
    private final BoundedLabels models = new BoundedLabels(MOST_MODELS);
    private final Map<String, ModelMeters> meters = new ConcurrentHashMap<>();

    WorkerMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    ModelMeters of(String model) {
        return meters.computeIfAbsent(
                models.of(model),
                label -> new ModelMeters(registry, label, new BoundedLabels(MOST_TENANTS)));
    }
}
