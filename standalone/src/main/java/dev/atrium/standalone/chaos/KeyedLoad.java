package dev.atrium.standalone.chaos;

import dev.atrium.registry.api.apikey.CreatedApiKey;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.usage.UsageRecord;
import dev.atrium.standalone.client.GatewayCalls;
import dev.atrium.standalone.demo.Samples;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;

/**
 * Callers that send each call with an {@code Idempotency-Key} through several gateways at once, and
 * again until each of them is told how it ended: it may have been executed once, at most.
 *
 * @see "docs/adr/0011-idempotency.md"
 */
final class KeyedLoad implements AutoCloseable {
    private static final int CALLERS = 2;
    private static final int RETRIES_AT_ONCE = 3;
    private static final int PAUSE_MILLIS = 100;
    private static final Set<Integer> FINAL_FAILURES = Set.of(500, 502, 504);

    private final CreatedApiKey credential;
    private final List<GatewayCalls> gateways;
    private final ModelName model;
    private final long seed;
    private final JsonNode inputs = Samples.inputs("iris.onnx");
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<String> executed = ConcurrentHashMap.newKeySet();
    private final AtomicInteger keys = new AtomicInteger();
    private final AtomicInteger replayed = new AtomicInteger();
    private final AtomicInteger unknown = new AtomicInteger();
    private final AtomicInteger broken = new AtomicInteger();
    private volatile boolean over;

    KeyedLoad(List<String> addresses, CreatedApiKey credential, ModelName model, long seed) {
        this.credential = credential;
        this.gateways =
                addresses.stream()
                        .map(address -> new GatewayCalls(address, credential.secret()))
                        .toList();
        this.model = model;
        this.seed = seed;
    }

    /** Whether every gateway knows the credential. */
    boolean isKnown() {
        return gateways.stream().allMatch(gateway -> gateway.get("/v1/models").isOk());
    }

    void start() {
        for (int i = 0; i < CALLERS; i++) {
            Random random = new Random(seed * CALLERS + i);
            callers.submit(() -> {
                while (!over) {
                    call(UUID.randomUUID().toString(), random);
                }
            });
        }
    }

    private void call(String key, Random random) {
        keys.incrementAndGet();
        try (ExecutorService retries = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < RETRIES_AT_ONCE; i++) {
                int first = random.nextInt(gateways.size());
                retries.submit(() -> callUntilFinal(key, first));
            }
        }
    }

    private void callUntilFinal(String key, int first) {
        int gateway = first;
        while (!isFinal(key, gateways.get(gateway))) {
            pause();
            gateway = (gateway + 1) % gateways.size();
        }
    }

    private boolean isFinal(String key, GatewayCalls gateway) {
        try {
            GatewayCalls.Answer answer = gateway.infer(model.toString(), inputs, key);
            if (answer.isOk()) {
                executed.add(answer.firstCallId());
                replayed.addAndGet(answer.isReplay() ? 1 : 0);
                return true;
            }
            if (answer.isFinal()) {
                unknown.incrementAndGet();
            }
            return answer.isFinal() || FINAL_FAILURES.contains(answer.status());
        } catch (UncheckedIOException e) {
            broken.incrementAndGet();
            return false;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ids of the calls whose answer arrived, as such or said again. */
    Set<String> answered() {
        return executed;
    }

    /** Executions beyond one per key. */
    long repeated(List<UsageRecord> rows) {
        long reached =
                rows.stream()
                        .filter(row -> row.principalId().equals(credential.apiKey().id()))
                        .filter(row -> row.consumption().reached())
                        .count();
        return Math.max(0, reached - keys.get());
    }

    String report() {
        return "%d idempotency keys: %d executed and answered, %d times said again, %d times unknown, %d connections broken"
                .formatted(
                        keys.get(), executed.size(), replayed.get(), unknown.get(), broken.get());
    }

    @Override
    public void close() throws InterruptedException {
        over = true;
        callers.shutdown();
        if (!callers.awaitTermination(2, TimeUnit.MINUTES)) {
            throw new IllegalStateException("a key has had no end for two minutes");
        }
    }
}
