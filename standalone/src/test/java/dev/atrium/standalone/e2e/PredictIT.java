package dev.atrium.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.atrium.registry.api.apikey.ApiKeyFormat;
import dev.atrium.registry.api.apikey.CreateApiKey;
import dev.atrium.registry.api.apikey.CreatedApiKey;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.usage.Operation;
import dev.atrium.registry.api.usage.UsageRecord;
import dev.atrium.standalone.client.ManagementApi;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** A developer uploads a model, says its task and settings, and sends it a picture or a sound. */
class PredictIT {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String KEY = Platform.newAcmeKey();
    private static final String READER = newReader();

    @Test
    void labelsThePictureThatCurlSends() throws Exception {
        ManagementApi acme = Platform.acme();
        Map<String, Object> settings =
                Map.of(
                        "labels",
                        List.of("cat", "dog", "horse", "ship"),
                        "image",
                        Map.of(
                                "mean", List.of(0.485, 0.456, 0.406),
                                "std", List.of(0.229, 0.224, 0.225)));
        TaskModels.deploy(acme, "pets", Task.IMAGE_CLASSIFICATION, settings, "tasks/image.onnx");

        JsonNode answer = TaskModels.answer("pets", "tasks/rgb.png", KEY, "predictions");

        assertFirst(answer, expected("tasks-expected.json", "/images/rgb.png/predictions"));
        assertThat(answer.get("model").stringValue()).isEqualTo("acme/pets");
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(records(acme))
                                .anySatisfy(usage -> {
                                    assertThat(usage.operation())
                                            .isEqualTo(Operation.IMAGE_CLASSIFICATION);
                                    assertThat(usage.httpStatus()).isEqualTo(200);
                                    assertThat(usage.computeMicros()).isPositive();
                                }));
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(reported("images").path("images").longValue()).isPositive());
    }

    @Test
    void writesDownTheSpeechThatCurlSends() throws Exception {
        TaskModels.deploy(
                Platform.acme(),
                "dictation",
                Task.AUTOMATIC_SPEECH_RECOGNITION,
                Map.of(
                        "audio", Map.of("normalize", "recording"),
                        "ctc", Map.of("vocabulary", List.of("<pad>", "a", "b", "c", "|"))),
                "audio/spelling.onnx");

        JsonNode answer = TaskModels.answer("dictation", "audio/spoken.wav", KEY, "text");

        assertThat(answer.get("text").stringValue()).isEqualTo("cab abba");
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(reported("audio_transcriptions").path("seconds").longValue())
                                .isPositive());
    }

    /** What is said of the calls of this key in OpenAI's words; missing where there were none. */
    private static JsonNode reported(String kind) {
        String path =
                "/v1/organization/usage/%s?start_time=%d&api_key_ids=%s"
                        .formatted(
                                kind,
                                Instant.now().minus(Duration.ofHours(1)).getEpochSecond(),
                                ApiKeyFormat.parse(KEY).orElseThrow().keyId());
        return Platform.calls(READER)
                .get(path)
                .json()
                .path("data")
                .valueStream()
                .flatMap(bucket -> bucket.get("results").valueStream())
                .findFirst()
                .orElse(MissingNode.getInstance());
    }

    private static String newReader() {
        CreateApiKey wish =
                new CreateApiKey("reports", List.of("usage:read"), null, null, null, null);
        return Platform.acme().post("/api-keys", wish, CreatedApiKey.class).secret();
    }

    @Test
    void labelsTheSoundThatCurlSends() throws Exception {
        Map<String, Object> audio =
                Map.of(
                        "features",
                        "log-mel",
                        "mel",
                        Map.of("fftSize", 400, "hopLength", 160, "bands", 40));
        TaskModels.deploy(
                Platform.acme(),
                "sounds",
                Task.AUDIO_CLASSIFICATION,
                Map.of("labels", List.of("hum", "whistle", "noise"), "audio", audio),
                "audio/hearing.onnx");

        JsonNode answer = TaskModels.answer("sounds", "audio/noise8k.wav", KEY, "predictions");

        assertFirst(answer, expected("audio-expected.json", "/heard/noise8k.wav/predictions"));
        assertThat(answer.at("/usage/audio_seconds").doubleValue()).isEqualTo(0.25);
    }

    private static JsonNode expected(String file, String pointer) {
        return JSON.readTree(TaskModels.file(file).toFile()).at(pointer);
    }

    private static void assertFirst(JsonNode answer, JsonNode expected) {
        assertThat(answer.at("/predictions/0/label")).isEqualTo(expected.at("/0/label"));
        assertThat(answer.at("/predictions/0/score").doubleValue())
                .isCloseTo(expected.at("/0/score").doubleValue(), within(1e-4));
    }

    private static List<UsageRecord> records(ManagementApi acme) {
        String keyId = ApiKeyFormat.parse(KEY).orElseThrow().keyId();
        return acme.all("/usage/records", UsageRecord.class).stream()
                .filter(usage -> usage.principalId().equals(keyId))
                .toList();
    }
}
