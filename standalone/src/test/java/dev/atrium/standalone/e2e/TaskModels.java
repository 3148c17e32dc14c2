package dev.atrium.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.registry.api.catalog.CompleteVersion;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.catalog.ModelVersion;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.standalone.client.ManagementApi;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Models of acme that take natural inputs, from upload to answer, as a developer has them. */
final class TaskModels {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Path FILES =
            Path.of("../inference-node/server/src/test/resources/models").toAbsolutePath();

    private TaskModels() {}

    static Path file(String name) {
        return FILES.resolve(name);
    }

    static void deploy(
            ManagementApi acme, String name, Task task, Map<String, Object> settings, String onnx)
            throws IOException {
        make(acme, name, task, settings, onnx, true);
    }

    /** The same, deployed at once or not. */
    static void make(
            ManagementApi acme,
            String name,
            Task task,
            Map<String, Object> settings,
            String onnx,
            boolean isDeployed)
            throws IOException {
        acme.post("/models", Map.of("name", name, "task", task), JsonNode.class);
        String versions = "/models/acme/" + name + "/versions";
        ModelVersion version =
                acme.post(versions, Map.of("settings", settings), ModelVersion.class);
        byte[] content = Files.readAllBytes(file(onnx));
        acme.putFile(
                new ModelName("acme", name),
                version.number(),
                "model.onnx",
                () -> new ByteArrayInputStream(content));
        acme.post(
                versions + "/" + version.number() + "/complete",
                new CompleteVersion(isDeployed),
                ModelVersion.class);
    }

    /**
     * What the model answers once it is loaded.
     *
     * @param member that an answer has, and no refusal
     */
    static JsonNode answer(String model, String file, String key, String member) {
        return await().atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> predict(model, file, key), json -> json.has(member));
    }

    /** As the model's page says; a refusal while the replica loads is JSON as well. */
    private static JsonNode predict(String model, String file, String key) throws Exception {
        Process curl =
                new ProcessBuilder(
                                "curl",
                                "-s",
                                "-T",
                                file(file).toString(),
                                Platform.gateway() + "/v1/predict/" + model,
                                "-H",
                                "Authorization: Bearer " + key)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        String answer = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(curl.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return JSON.readTree(answer);
    }
}
