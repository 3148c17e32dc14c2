package dev.atrium.node.worker;

import dev.atrium.node.worker.queue.Turn;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

/** What operators see of one model and of the tenants that call it. */
final class ModelMeters {
    private static final String MODEL = "model";
    private static final String TENANT = "tenant";

    private final MeterRegistry registry;
    private final String model;
    private final BoundedLabels tenants;
    private final DistributionSummary calls;
    private final DistributionSummary rows;
    private final Counter loads;
    private final Set<HostedModel> hosted = ConcurrentHashMap.newKeySet();

    ModelMeters(MeterRegistry registry, String model, BoundedLabels tenants) {
        this.registry = registry;
        this.model = model;
        this.tenants = tenants;
        this.calls = summary("atrium.node.batch.calls", "calls that are computed together");
        this.rows = summary("atrium.node.batch.rows", "rows or texts of a batch");
        this.loads =
                Counter.builder("atrium.node.loads")
                        .description("times the model was loaded; after the first, restarts")
                        .tag(MODEL, model)
                        .register(registry);
        gauge("atrium.node.instances", "batches computed at the same time", HostedModel::places);
        gauge("atrium.node.model.memory", "resident bytes", HostedModel::residentBytes);
        gauge("atrium.node.queue.calls", "calls that wait or run", HostedModel::inFlight);
    }

    private DistributionSummary summary(String name, String description) {
        return DistributionSummary.builder(name)
                .description(description)
                .tag(MODEL, model)
                .register(registry);
    }

    private void gauge(String name, String description, ToDoubleFunction<HostedModel> figure) {
        Gauge.builder(name, hosted, all -> all.stream().mapToDouble(figure).sum())
                .description(description)
                .tag(MODEL, model)
                .register(registry);
    }

    void follow(HostedModel loaded) {
        loads.increment();
        hosted.add(loaded);
        loaded.death().thenRun(() -> hosted.remove(loaded));
    }

    void forget(HostedModel unloaded) {
        hosted.remove(unloaded);
    }

    void sent(Turn<RunningCall> turn) {
        calls.record(turn.calls().size());
        rows.record(turn.rows());
        for (int i = 0; i < turn.calls().size(); i++) {
            timer("atrium.node.queue.time", "wait for a turn", turn.calls().get(i).tenant())
                    .record(Duration.ofNanos(turn.waitedNanos(i)));
        }
    }

    void computed(UUID tenant, long micros) {
        timer("atrium.node.compute.time", "a call's part of its batch", tenant)
                .record(Duration.ofNanos(micros * 1_000));
    }

    void turnedAway(UUID tenant) {
        Counter.builder("atrium.node.turned.away")
                .description("calls for which there was no room or no time")
                .tag(MODEL, model)
                .tag(TENANT, tenants.of(tenant.toString()))
                .register(registry)
                .increment();
    }

    private Timer timer(String name, String description, UUID tenant) {
        return Timer.builder(name)
                .description(description)
                .tag(MODEL, model)
                .tag(TENANT, tenants.of(tenant.toString()))
                .register(registry);
    }
}
