package dev.atrium.node.worker;

import dev.atrium.node.worker.queue.Turn;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.springframework.util.function.SingletonSupplier;

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
    private final Counter evictions;
    private final Counter coldStarts;
    private final Counter restarts;
    private final Map<UUID, OfTenant> named = new ConcurrentHashMap<>();
    private final Supplier<OfTenant> others =
            SingletonSupplier.of(() -> register(BoundedLabels.OTHER));
    private final Set<HostedModel> hosted = ConcurrentHashMap.newKeySet();

    ModelMeters(MeterRegistry registry, String model, BoundedLabels tenants) {
        this.registry = registry;
        this.model = model;
        this.tenants = tenants;
        this.calls = summary("atrium.node.batch.calls", "calls that are computed together");
        this.rows = summary("atrium.node.batch.rows", "rows or texts of a batch");
        this.loads = counter("atrium.node.loads", "times the model was loaded");
        this.evictions = counter("atrium.node.evictions", "times it made way for another model");
        this.coldStarts = counter("atrium.node.cold.starts", "times a call had it loaded");
        this.restarts = counter("atrium.node.restarts", "times its worker died and was replaced");
        gauge("atrium.node.instances", "batches computed at the same time", HostedModel::places);
        gauge("atrium.node.model.memory", "resident bytes", HostedModel::residentBytes);
        gauge("atrium.node.queue.calls", "calls that wait or run", HostedModel::inFlight);
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).tag(MODEL, model).register(registry);
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

    void evicted() {
        evictions.increment();
    }

    void startedCold() {
        coldStarts.increment();
    }

    void restarted() {
        restarts.increment();
    }

    void forget(HostedModel unloaded) {
        hosted.remove(unloaded);
    }

    void sent(Turn<RunningCall> turn) {
        calls.record(turn.calls().size());
        rows.record(turn.rows());
        for (int i = 0; i < turn.calls().size(); i++) {
            of(turn.calls().get(i).tenant()).queued().record(nanos(turn.waitedNanos(i)));
        }
    }

    void computed(UUID tenant, long micros) {
        of(tenant).computed().record(nanos(micros * 1_000));
    }

    void turnedAway(UUID tenant) {
        of(tenant).turnedAway().increment();
    }

    private static Duration nanos(long nanos) {
        return Duration.ofNanos(nanos);
    }

    /** Looked up by name they would cost a call more than they tell of it. */
    private record OfTenant(Timer queued, Timer computed, Counter turnedAway) {}

    private OfTenant of(UUID tenant) {
        OfTenant known = named.get(tenant);
        if (known != null) {
            return known;
        }
        String label = tenants.of(tenant.toString());
        return label.equals(BoundedLabels.OTHER)
                ? others.get()
                : named.computeIfAbsent(tenant, id -> register(label));
    }

    private OfTenant register(String tenant) {
        return new OfTenant(
                timer("atrium.node.queue.time", "wait for a turn", tenant),
                timer("atrium.node.compute.time", "a call's part of its batch", tenant),
                Counter.builder("atrium.node.turned.away")
                        .description("calls for which there was no room or no time")
                        .tag(MODEL, model)
                        .tag(TENANT, tenant)
                        .register(registry));
    }

    private Timer timer(String name, String description, String tenant) {
        return Timer.builder(name)
                .description(description)
                .tag(MODEL, model)
                .tag(TENANT, tenant)
                .register(registry);
    }
}
