package dev.atrium.gateway.call;

import dev.atrium.gateway.upstream.NodeFailure;
import dev.atrium.registry.api.catalog.ModelId;
import dev.atrium.registry.api.pricing.Consumption;
import dev.atrium.registry.api.pricing.Price;
import dev.atrium.registry.api.quota.Charge;
import dev.atrium.registry.api.usage.Operation;
import dev.atrium.registry.api.usage.Outcome;
import dev.atrium.registry.api.usage.UsageRecord;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
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
    private final Map<Ending, Timer> calls = new ConcurrentHashMap<>();
    private final Map<Operation, Counter> inputTokens;
    private final Map<Operation, Counter> outputTokens;
    private final Set<ModelId> exceeding = ConcurrentHashMap.newKeySet();

    CallMetrics(MeterRegistry meters) {
        this.meters = meters;
        this.inputTokens = tokens("input");
        this.outputTokens = tokens("output");
    }

    /** How a call may end; there are few, so their meters are looked up once. */
    private record Ending(Operation operation, Outcome outcome, int status) {}

    private Map<Operation, Counter> tokens(String type) {
        Map<Operation, Counter> counters = new EnumMap<>(Operation.class);
        for (Operation operation : Operation.values()) {
            counters.put(
                    operation,
                    meters.counter(
                            "atrium.gateway.tokens",
                            "operation",
                            wireName(operation),
                            "type",
                            type));
        }
        return counters;
    }

    private Timer timer(Ending ending) {
        return meters.timer(
                "atrium.gateway.calls",
                "operation",
                wireName(ending.operation()),
                "outcome",
                wireName(ending.outcome()),
                "status",
                Integer.toString(ending.status()));
    }

    private static String wireName(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    void settled(UsageRecord usage, Duration age) {
        calls.computeIfAbsent(
                        new Ending(usage.operation(), usage.outcome(), usage.httpStatus()),
                        this::timer)
                .record(age);
        counter(inputTokens, usage).increment(usage.inputTokens());
        counter(outputTokens, usage).increment(usage.outputTokens());
    }

    private static Counter counter(Map<Operation, Counter> counters, UsageRecord usage) {
        return Objects.requireNonNull(counters.get(usage.operation()));
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
