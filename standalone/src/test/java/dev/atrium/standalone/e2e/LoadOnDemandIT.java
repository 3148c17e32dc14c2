package dev.atrium.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.deployment.Deploy;
import dev.atrium.registry.api.deployment.Deployment;
import dev.atrium.registry.api.deployment.ReplicaState;
import dev.atrium.registry.api.usage.Outcome;
import dev.atrium.registry.api.usage.UsageRecord;
import dev.atrium.standalone.client.ManagementApi;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A model that is in memory only while it is called, from its owner's wish to its callers. */
class LoadOnDemandIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String DEPLOYMENT = "/models/acme/seldom/versions/1/deployment";
    private static final String KEY = Platform.newAcmeKey();

    @Test
    void aCallWakesIt() throws Exception {
        ManagementApi acme = Platform.acme();
        TaskModels.make(
                acme,
                "seldom",
                Task.IMAGE_CLASSIFICATION,
                Map.of("labels", List.of("cat", "dog", "horse", "ship")),
                "tasks/image.onnx",
                false);
        acme.put(DEPLOYMENT, new Deploy(1, null, 60), Deployment.class);
        await().atMost(PATIENCE).until(() -> state(acme) == ReplicaState.UNLOADED);
        await().atMost(PATIENCE)
                .until(() -> Platform.calls(KEY).get("/v1/models").body().contains("acme/seldom"));

        HttpResponse<String> refused = predict(null);

        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
        assertThat(refused.body()).contains("model_not_ready", "is being loaded");
        assertThat(refused.headers().firstValueAsLong("retry-after").orElseThrow())
                .isBetween(1L, 60L);
        HttpResponse<String> held = predict("wait=60");
        assertThat(held.statusCode()).as(held.body()).isEqualTo(200);
        assertThat(held.body()).contains("predictions");
        await().atMost(PATIENCE).until(() -> state(acme) == ReplicaState.READY);
        assertThat(predict(null).statusCode()).isEqualTo(200);
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(outcomes(acme))
                                .containsExactlyInAnyOrder(
                                        Outcome.NO_REPLICA, Outcome.OK, Outcome.OK));
    }

    private static ReplicaState state(ManagementApi acme) {
        return acme.get(DEPLOYMENT, Deployment.class).placements().stream()
                .map(replica -> replica.state())
                .findFirst()
                .orElse(ReplicaState.PENDING);
    }

    private static List<Outcome> outcomes(ManagementApi acme) {
        return acme.all("/usage/records", UsageRecord.class).stream()
                .filter(usage -> usage.modelName().name().equals("seldom"))
                .map(UsageRecord::outcome)
                .toList();
    }

    private static HttpResponse<String> predict(String prefer)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(Platform.gateway() + "/v1/predict/seldom"))
                        .header("Authorization", "Bearer " + KEY)
                        .header("Content-Type", "image/png")
                        .POST(HttpRequest.BodyPublishers.ofFile(TaskModels.file("tasks/rgb.png")));
        if (prefer != null) {
            request.header("Prefer", prefer);
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
