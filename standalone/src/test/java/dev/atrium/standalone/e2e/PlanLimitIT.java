package dev.atrium.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.registry.api.identity.Me;
import dev.atrium.registry.api.quota.ApplyPlan;
import dev.atrium.registry.api.quota.CreatePlan;
import dev.atrium.registry.api.quota.Mode;
import dev.atrium.registry.api.quota.Plan;
import dev.atrium.registry.api.quota.PlanLimit;
import dev.atrium.registry.api.quota.PlanPreview;
import dev.atrium.registry.api.quota.PlanScope;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import dev.atrium.standalone.client.GatewayCalls;
import dev.atrium.standalone.client.ManagementApi;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A plan's limit for each key, from its application to the gateway's refusals. */
class PlanLimitIT {
    private static final int LIMIT = 7;

    private final ManagementApi operator = Platform.operator();
    private final String tenant =
            "/admin/tenants/" + Platform.acme().get("/me", Me.class).tenant().id();

    @AfterEach
    void takeItBack() {
        apply(limit(PlanScope.TENANT, 1_000_000_000));
    }

    @Test
    void letsEachKeyMakeExactlyAsManyCallsAsThePlanSays() throws Exception {
        String before = Platform.newAcmeKey();
        apply(limit(PlanScope.EACH_API_KEY, LIMIT));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> Platform.calls(before).get("/v1/limits").body().contains("per key"));
        String after = Platform.newAcmeKey();

        List<Integer> ofFirst = callAtOnce(before);
        List<Integer> ofSecond = callAtOnce(after);

        for (List<Integer> statuses : List.of(ofFirst, ofSecond)) {
            assertThat(statuses).filteredOn(status -> status == 200).hasSize(LIMIT);
            assertThat(statuses).containsOnly(200, 429);
        }
    }

    private void apply(PlanLimit limit) {
        Plan plan =
                operator.post(
                        "/admin/quota-plans",
                        new CreatePlan("plan " + UUID.randomUUID(), List.of(limit)),
                        Plan.class);
        PlanPreview preview =
                operator.get(tenant + "/quota-plan/preview?plan=" + plan.id(), PlanPreview.class);
        operator.put(
                tenant + "/quota-plan", new ApplyPlan(plan.id(), preview.digest()), Policy[].class);
    }

    private static PlanLimit limit(PlanScope scope, long amount) {
        return new PlanLimit(
                "per key",
                Unit.REQUESTS,
                Window.LIFETIME,
                amount,
                null,
                Mode.HARD,
                80,
                null,
                scope,
                null);
    }

    private static List<Integer> callAtOnce(String key) throws Exception {
        GatewayCalls calls = Platform.calls(key);
        List<Callable<Integer>> all =
                IntStream.range(0, 3 * LIMIT)
                        .<Callable<Integer>>mapToObj(i ->
                                () -> calls.embeddings("atrium/minilm", List.of("hi")).status())
                        .toList();
        List<Integer> statuses = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
            for (Future<Integer> status : threads.invokeAll(all)) {
                statuses.add(status.get());
            }
        }
        return statuses;
    }
}
