package dev.atrium.standalone.chaos;

import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.standalone.client.GatewayCalls;
import dev.atrium.standalone.demo.Samples;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/** Callers that go on through all gateways until each is told that everything is spent. */
final class Spending {
    private static final int TOO_MANY_REQUESTS = 429;

    private final ModelName model;
    private final Duration pause;
    private final JsonNode inputs = Samples.inputs("iris.onnx");
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<String> answered = ConcurrentHashMap.newKeySet();
    private volatile boolean over;

    /**
     * @param pause of each caller between two calls
     */
    Spending(ModelName model, Duration pause) {
        this.model = model;
        this.pause = pause;
    }

    void start(List<String> gateways, String key, int count) {
        for (int i = 0; i < count; i++) {
            GatewayCalls gateway = new GatewayCalls(gateways.get(i % gateways.size()), key);
            callers.submit(() -> callUntilSpent(gateway));
        }
        callers.shutdown();
    }

    /** Ids of the calls whose answer arrived. */
    Set<String> answered() {
        return answered;
    }

    /** Returns when everything is spent, or after so long. */
    void await(Duration longest) throws InterruptedException {
        callers.awaitTermination(longest.toMillis(), TimeUnit.MILLISECONDS);
        over = true;
        callers.close();
    }

    private void callUntilSpent(GatewayCalls gateway) {
        try {
            while (!over && !isSpent(gateway)) {
                Thread.sleep(pause);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isSpent(GatewayCalls gateway) {
        try {
            GatewayCalls.Answer answer = gateway.infer(model.toString(), inputs);
            if (answer.isOk()) {
                answered.add(answer.callId());
            }
            return answer.status() == TOO_MANY_REQUESTS && answer.isFinal();
        } catch (UncheckedIOException killed) {
            return false;
        }
    }
}
