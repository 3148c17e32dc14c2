package dev.atrium.standalone.chaos;

import dev.atrium.registry.api.apikey.CreateApiKey;
import dev.atrium.registry.api.apikey.CreatedApiKey;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.standalone.client.GatewayCalls;
import dev.atrium.standalone.client.ManagementApi;
import dev.atrium.standalone.demo.Samples;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;

/**
 * Many calls at once, over all gateways, for what a hard quota has left: exactly its amount is
 * charged, from the first call of a new key on.
 *
 * @param acme a developer of the tenant
 */
record QuotaRace(
        ManagementApi acme,
        Quotas quotas,
        List<String> gateways,
        ModelName model,
        PrintStream out) {
    private static final int CALLERS = 16;
    private static final int NO_LIMIT = 1_000_000;
    private static final Duration POSTED = Duration.ofSeconds(20);

    /**
     * @param amount calls that the quota allows
     * @return by how much the calls answered, and those charged, differ from the amount
     */
    long run(int amount) throws InterruptedException {
        CreatedApiKey key =
                acme.post(
                        "/api-keys",
                        new CreateApiKey("race for " + amount, null, null, null, NO_LIMIT, null),
                        CreatedApiKey.class);
        Policy policy =
                quotas.create("race for " + amount, key.apiKey().id(), Unit.REQUESTS, amount);
        Campaign.await(
                "key and quota at every gateway", POSTED, () -> known(gateways, key, policy));
        int answered = race(key.secret());
        Campaign.await("the quota settled", POSTED, () -> quotas.status(policy).reserved() == 0);
        long charged = quotas.status(policy).used();
        out.printf("  a quota of %d: %d answered, %d charged%n", amount, answered, charged);
        return Math.max(Math.abs(answered - amount), Math.abs(charged - amount));
    }

    /** To ask for the limits costs nothing, and tells that a key and its quota have arrived. */
    static boolean known(List<String> gateways, CreatedApiKey key, Policy policy) {
        return gateways.stream()
                .map(gateway -> new GatewayCalls(gateway, key.secret()).get("/v1/limits"))
                .allMatch(
                        limits -> limits.isOk() && limits.body().contains(policy.id().toString()));
    }

    /** Every caller goes on until it is told that everything is spent. */
    private int race(String key) throws InterruptedException {
        JsonNode inputs = Samples.inputs("iris.onnx");
        AtomicInteger answered = new AtomicInteger();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < CALLERS; i++) {
                GatewayCalls gateway = new GatewayCalls(gateways.get(i % gateways.size()), key);
                callers.submit(() -> callUntilSpent(gateway, inputs, answered));
            }
        }
        return answered.get();
    }

    private void callUntilSpent(GatewayCalls gateway, JsonNode inputs, AtomicInteger answered) {
        while (true) {
            GatewayCalls.Answer answer = gateway.infer(model.toString(), inputs);
            if (answer.isOk()) {
                answered.incrementAndGet();
            } else if (answer.isFinal()) {
                return;
            }
        }
    }
}
