package dev.atrium.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.atrium.registry.api.apikey.ApiKeyFormat;
import dev.atrium.registry.api.catalog.CompleteVersion;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.catalog.ModelVersion;
import dev.atrium.registry.api.usage.Operation;
import dev.atrium.registry.api.usage.UsageRecord;
import dev.atrium.standalone.client.ManagementApi;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A developer uploads a model, says its task and settings, and sends it a picture. */
class PredictIT {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Path MODELS =
            Path.of("../inference-node/server/src/test/resources/models");
    private static final String KEY = Platform.newAcmeKey();

    @Test
    void labelsThePictureThatCurlSends() throws Exception {
        ManagementApi acme = Platform.acme();
        ModelName pets = new ModelName("acme", "pets");
        acme.post(
                "/models", Map.of("name", "pets", "task", "IMAGE_CLASSIFICATION"), JsonNode.class);
        Map<String, Object> settings =
                Map.of(
                        "labels",
                        List.of("cat", "dog", "horse", "ship"),
                        "image",
                        Map.of(
                                "mean", List.of(0.485, 0.456, 0.406),
                                "std", List.of(0.229, 0.224, 0.225)));
        byte[] onnx = Files.readAllBytes(MODELS.resolve("tasks/image.onnx"));
        ModelVersion version =
                acme.post(
                        "/models/acme/pets/versions",
                        Map.of("settings", settings),
                        ModelVersion.class);
        acme.putFile(pets, version.number(), "model.onnx", () -> new ByteArrayInputStream(onnx));
        acme.post(
                "/models/acme/pets/versions/1/complete",
                new CompleteVersion(true),
                ModelVersion.class);
        JsonNode expected =
                JSON.readTree(MODELS.resolve("tasks-expected.json").toFile())
                        .at("/images/rgb.png/predictions");

        JsonNode answer =
                await().atMost(PATIENCE)
                        .pollInterval(Duration.ofSeconds(1))
                        .until(PredictIT::predict, json -> json.has("predictions"));

        assertThat(answer.at("/predictions/0/label")).isEqualTo(expected.at("/0/label"));
        assertThat(answer.at("/predictions/0/score").doubleValue())
                .isCloseTo(expected.at("/0/score").doubleValue(), within(1e-5));
        assertThat(answer.get("model").stringValue()).isEqualTo("acme/pets");
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(records(acme))
                                .anySatisfy(usage -> {
                                    assertThat(usage.operation()).isEqualTo(Operation.PREDICT);
                                    assertThat(usage.httpStatus()).isEqualTo(200);
                                    assertThat(usage.computeMicros()).isPositive();
                                }));
    }

    /** As the model's page says; a refusal while the replica loads is JSON as well. */
    private static JsonNode predict() throws Exception {
        Process curl =
                new ProcessBuilder(
                                "curl",
                                "-s",
                                "-T",
                                MODELS.resolve("tasks/rgb.png").toString(),
                                Platform.gateway() + "/v1/predict/pets",
                                "-H",
                                "Authorization: Bearer " + KEY)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        String answer = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(curl.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return JSON.readTree(answer);
    }

    private static List<UsageRecord> records(ManagementApi acme) {
        String keyId = ApiKeyFormat.parse(KEY).orElseThrow().keyId();
        return acme.all("/usage/records", UsageRecord.class).stream()
                .filter(usage -> usage.principalId().equals(keyId))
                .toList();
    }
}
