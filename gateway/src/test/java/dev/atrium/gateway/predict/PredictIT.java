package dev.atrium.gateway.predict;

import static dev.atrium.gateway.testing.OpenAiAnswers.assertError;
import static dev.atrium.gateway.testing.OpenAiAnswers.booked;
import static dev.atrium.gateway.testing.SharedGateway.GATEWAY;
import static dev.atrium.gateway.testing.SharedGateway.NODE_A;
import static dev.atrium.gateway.testing.SharedGateway.PLATFORM;
import static dev.atrium.gateway.testing.SharedGateway.REGISTRY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.gateway.testing.FakeInferenceNode.Script;
import dev.atrium.gateway.testing.Platform.KeyFixture;
import dev.atrium.gateway.testing.Platform.ModelFixture;
import dev.atrium.gateway.testing.Platform.TenantFixture;
import dev.atrium.gateway.testing.Wav;
import dev.atrium.node.api.NodeError;
import dev.atrium.node.api.NodeUsage;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.pricing.UnitPrices;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import dev.atrium.registry.api.usage.Media;
import dev.atrium.registry.api.usage.Operation;
import dev.atrium.registry.api.usage.Outcome;
import dev.atrium.registry.api.usage.RefusedCall;
import dev.atrium.registry.api.usage.UsageRecord;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Natural inputs on their way to a node and their whole life in the books. */
class PredictIT {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final byte[] PICTURE = {(byte) 0x89, 'P', 'N', 'G', 0, 1, 2, (byte) 0xFF};

    private TenantFixture acme;
    private KeyFixture key;
    private ModelFixture pets;

    @BeforeEach
    void deploy() {
        acme = PLATFORM.tenant("t" + UUID.randomUUID().toString().substring(0, 8));
        pets = PLATFORM.model(acme, "pets", Task.IMAGE_CLASSIFICATION);
        PLATFORM.replica(pets.version(1), NODE_A);
        PLATFORM.replica(
                PLATFORM.model(acme, "moods", Task.TEXT_CLASSIFICATION).version(1), NODE_A);
        PLATFORM.replica(PLATFORM.model(acme, "rows", Task.TABULAR).version(1), NODE_A);
        PLATFORM.replica(PLATFORM.model(acme, "tensors", Task.TENSORS).version(1), NODE_A);
        PLATFORM.model(acme, "words", Task.TEXT_EMBEDDING);
        key = PLATFORM.key(acme);
        await().atMost(PATIENCE)
                .until(() ->
                        GATEWAY.get("/v2/models/tensors/ready", key.text()).statusCode() == 200
                                && GATEWAY.get("/v1/models/pets", key.text()).statusCode() == 200);
    }

    @AfterEach
    void behave() {
        NODE_A.script(Script.answer());
    }

    @Test
    void passesAPictureOnUnderEveryFormOfTheModelsName() {
        String full = acme.slug() + "/pets";
        for (String path : new String[] {"pets", full, "pets/versions/1", full + "/versions/1"}) {
            HttpResponse<String> answer = post(path, "image/png", PICTURE);

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            JsonNode json = JSON.readTree(answer.body());
            assertThat(json.get("model").stringValue()).isEqualTo(full);
            assertThat(json.get("type").stringValue()).isEqualTo("image/png");
            assertThat(json.get("bytes").intValue()).isEqualTo(PICTURE.length);
        }
    }

    /** As {@code curl -T} sends it. */
    @Test
    void takesAPutWithoutAType() {
        HttpRequest put =
                request("pets?top_k=3", "")
                        .PUT(HttpRequest.BodyPublishers.ofByteArray(PICTURE))
                        .build();

        HttpResponse<String> answer = GATEWAY.send(put);

        JsonNode json = JSON.readTree(answer.body());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(json.get("type").isNull()).isTrue();
        assertThat(json.get("uri").stringValue()).endsWith("/predict?top=3");
    }

    @Test
    void booksACallLikeEveryOther() {
        HttpResponse<String> answer = post("moods", "text/plain", "a nice day".getBytes());

        UsageRecord usage = booked(answer);
        assertThat(usage.operation()).isEqualTo(Operation.PREDICT);
        assertThat(usage.outcome()).isEqualTo(Outcome.OK);
        assertThat(usage.inputTokens()).isEqualTo(3);
        assertThat(usage.computeMicros()).isEqualTo(2_000);
        assertThat(NODE_A.executionsOf(usage.callId()).getFirst().grant().operation())
                .isEqualTo("PREDICT");
    }

    @Test
    void booksAndGrantsAPictureAsWhatItIs() {
        HttpResponse<String> answer = post("pets", "image/png", PICTURE);
        HttpResponse<String> refused = post("pets", "image/gif", PICTURE);

        UsageRecord usage = booked(answer);
        assertThat(usage.operation()).isEqualTo(Operation.IMAGE_CLASSIFICATION);
        assertThat(NODE_A.executionsOf(usage.callId()).getFirst().grant().operation())
                .isEqualTo("IMAGE_CLASSIFICATION");
        UUID refusedId =
                UUID.fromString(refused.headers().firstValue("x-request-id").orElseThrow());
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(REGISTRY.refused().get(refusedId))
                                .extracting(RefusedCall::operation)
                                .isEqualTo(Operation.IMAGE_CLASSIFICATION));
    }

    @Test
    void refusesOtherTypesWithWhatTheTaskTakes() {
        String form = "multipart/form-data; boundary=x";

        assertError(
                post("pets", "image/gif", PICTURE), 415, "unsupported_media_type", "image/jpeg");
        assertError(
                post("moods", "image/png", PICTURE), 415, "unsupported_media_type", "text/plain");
        assertError(post("rows", "text/csv", PICTURE), 415, "unsupported_media_type", "json");
        assertThat(post("rows", form, PICTURE).statusCode()).isEqualTo(200);
        assertThat(post("pets", "application/octet-stream", PICTURE).statusCode()).isEqualTo(200);
        assertThat(post("moods", "Text/Plain; charset=utf-8", PICTURE).statusCode()).isEqualTo(200);
    }

    @Test
    void refusesWhatIsEmptyTooLargeOrAskedForWrongly() {
        byte[] large = new byte[PredictCall.LONGEST_BODY + 1];

        assertError(post("pets", "image/png", new byte[0]), 400, "invalid_request", "empty");
        assertError(post("pets", "image/png", large), 413, "request_too_large", "16777216");
        assertError(post("pets?top_k=0", "image/png", PICTURE), 400, "invalid_request", "top_k");
        assertError(post("pets?top_k=x", "image/png", PICTURE), 400, "invalid_request", "top_k");
        assertError(post("absent", "image/png", PICTURE), 404, "model_not_found", "absent");
        assertError(post("a/b/c", "image/png", PICTURE), 404, "unknown_url", "/v1/predict/a/b/c");
        assertError(GATEWAY.get("/v1/predict/pets", key.text()), 405, "method_not_allowed", "POST");
    }

    @Test
    void saysWhereToGoWithAnotherTask() {
        assertError(post("tensors", "image/png", PICTURE), 400, "invalid_request", "/v2/models/");
        assertError(post("words", "text/plain", PICTURE), 400, "invalid_request", "/v1/embeddings");
        assertThat(post("words", "text/plain", PICTURE).body())
                .contains("TEXT_CLASSIFICATION, IMAGE_CLASSIFICATION, TABULAR");
    }

    @Test
    void passesTheWorkersRefusalsOnAndBooksThem() {
        NODE_A.script(
                Script.refuse(NodeError.UNSUPPORTED_MEDIA_TYPE, "this model takes image/png"));
        assertError(post("pets", "", PICTURE), 415, "unsupported_media_type", "image/png");
        NODE_A.script(Script.refuse(NodeError.INPUT_TOO_LARGE, "'image' has too many pixels"));
        HttpResponse<String> large = post("pets", "image/png", PICTURE);
        NODE_A.script(Script.refuseAbout("image", "'image' breaks off"));
        HttpResponse<String> broken = post("pets", "image/png", PICTURE);

        assertError(large, 413, "request_too_large", "pixels");
        assertError(broken, 400, "invalid_request", "breaks off");
        assertThat(JSON.readTree(broken.body()).at("/error/param").stringValue())
                .isEqualTo("image");
        assertThat(booked(broken).outcome()).isEqualTo(Outcome.INVALID_INPUT);
        assertThat(booked(large).httpStatus()).isEqualTo(413);
    }

    @Test
    void reservesTheTokensThatATextMayHave() {
        PLATFORM.policy(acme, Unit.INPUT_TOKENS, Window.DAY, 20);
        await().atMost(PATIENCE)
                .until(() -> GATEWAY.get("/v1/limits", key.text()).body().contains("INPUT_TOKENS"));

        HttpResponse<String> small = post("moods", "text/plain", "nice".getBytes());
        HttpResponse<String> large = post("moods", "text/plain", new byte[21]);
        HttpResponse<String> picture = post("pets", "image/png", PICTURE);

        assertThat(small.statusCode()).as(small.body()).isEqualTo(200);
        assertError(large, 429, "insufficient_quota", "tokens");
        assertThat(picture.statusCode()).isEqualTo(200);
        assertThat(booked(small).charges()).singleElement().matches(each -> each.charged() == 3);
    }

    @Test
    void refusesPicturesWhenTheyAreUsedUpAndNothingElse() {
        PLATFORM.policy(acme, Unit.IMAGES, Window.DAY, 2);
        await().atMost(PATIENCE)
                .until(() -> GATEWAY.get("/v1/limits", key.text()).body().contains("IMAGES"));

        HttpResponse<String> first = post("pets", "image/png", PICTURE);
        HttpResponse<String> second = post("pets", "image/png", PICTURE);
        // While the two are on their way to the ledger they are reserved, not used up.
        HttpResponse<String> third =
                await().atMost(PATIENCE)
                        .until(
                                () -> post("pets", "image/png", PICTURE),
                                answer -> answer.body().contains("insufficient_quota"));
        HttpResponse<String> text = post("moods", "text/plain", "nice".getBytes());

        assertError(third, 429, "insufficient_quota", "of 2 images per day");
        assertThat(List.of(first, second, text))
                .extracting(HttpResponse::statusCode)
                .containsOnly(200);
        assertThat(first.headers().firstValue("RateLimit-Policy").orElseThrow())
                .contains(";q=2;qu=\"atrium-images\";w=");
        assertThat(first.headers().firstValue("RateLimit").orElseThrow()).contains(";r=1;");
        assertThat(booked(first).media()).isEqualTo(new Media(1, 0));
        assertThat(booked(first).charges())
                .singleElement()
                .matches(each -> each.reserved() == 1 && each.charged() == 1);
        assertThat(booked(text).charges()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"MINUTE", "DAY"})
    void refusesEveryPictureWithALimitOfZero(Window window) {
        PLATFORM.policy(acme, Unit.IMAGES, window, 0);
        await().atMost(PATIENCE)
                .until(() -> GATEWAY.get("/v1/limits", key.text()).body().contains("IMAGES"));

        assertError(post("pets", "image/png", PICTURE), 429, "insufficient_quota", "0 images");
        assertThat(post("moods", "text/plain", "nice".getBytes()).statusCode()).isEqualTo(200);
    }

    /** It was reserved, not computed. */
    @Test
    void givesAPictureBackThatNoModelComputed() {
        PLATFORM.policy(acme, Unit.IMAGES, Window.DAY, 1);
        await().atMost(PATIENCE)
                .until(() -> GATEWAY.get("/v1/limits", key.text()).body().contains("IMAGES"));
        NODE_A.script(Script.refuseAbout("image", "'image' breaks off"));
        HttpResponse<String> broken = post("pets", "image/png", PICTURE);
        assertThat(booked(broken).charges()).singleElement().matches(each -> each.charged() == 0);
        NODE_A.script(Script.answer());

        await().atMost(PATIENCE)
                .until(() -> post("pets", "image/png", PICTURE).statusCode() == 200);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 1_000_000_001, Long.MAX_VALUE})
    void takesNoNonsenseForPicturesOrSound(long count) {
        for (Media said : List.of(new Media(count, 0), new Media(0, count))) {
            NODE_A.script(Script.answer().using(NodeUsage.NONE.of(said)));

            HttpResponse<String> answer = post("pets", "image/png", PICTURE);

            assertError(answer, 502, "upstream_invalid", "");
            assertThat(booked(answer).outcome()).isEqualTo(Outcome.NODE_FAILED);
            assertThat(booked(answer).media()).isNull();
        }
    }

    /** A WAV file by its own length, everything else as the longest recording. */
    @Test
    void reservesAndChargesTheSoundOfARecording() {
        PLATFORM.replica(
                PLATFORM.model(acme, "sounds", Task.AUDIO_CLASSIFICATION).version(1), NODE_A);
        PLATFORM.policy(acme, Unit.AUDIO_MILLIS, Window.MONTH, 3_600_000);
        await().atMost(PATIENCE)
                .until(() ->
                        GATEWAY.get("/v1/limits", key.text()).body().contains("AUDIO_MILLIS")
                                && GATEWAY.get("/v1/models/sounds", key.text()).statusCode()
                                        == 200);

        HttpResponse<String> wav = post("sounds", "audio/wav", Wav.of(16_000, 2, 20_000));
        HttpResponse<String> flac = post("sounds", "audio/flac", "fLaC".getBytes());

        assertThat(wav.headers().firstValue("RateLimit-Policy").orElseThrow())
                .contains(";q=3600000;qu=\"atrium-audio-millis\";w=");
        assertThat(booked(wav).media()).isEqualTo(new Media(0, 1_250));
        assertThat(booked(wav).charges())
                .singleElement()
                .matches(each -> each.reserved() == 1_250 && each.charged() == 1_250);
        assertThat(booked(flac).charges())
                .singleElement()
                .matches(each -> each.reserved() == 60_000 && each.charged() == 1_250);
    }

    @Test
    void saysWhatAPictureCosts() {
        PLATFORM.price(
                acme, "EUR", new UnitPrices(null, null, null, null, 2_500_000_000L, null, null));
        await().atMost(PATIENCE)
                .until(() ->
                        post("pets", "image/png", PICTURE)
                                .headers()
                                .firstValue("Atrium-Cost")
                                .isPresent());

        assertThat(post("pets", "image/png", PICTURE).headers().firstValue("Atrium-Cost"))
                .hasValue("2500;currency=\"EUR\"");
        assertThat(
                        post("moods", "text/plain", "nice".getBytes())
                                .headers()
                                .firstValue("Atrium-Cost"))
                .hasValue("0;currency=\"EUR\"");
    }

    @Test
    void repeatsAnAnswerByItsKeyAndNoOther() {
        String name = UUID.randomUUID().toString();

        HttpResponse<String> first = keyed("pets?top_k=1", name);
        HttpResponse<String> again =
                await().atMost(PATIENCE)
                        .until(
                                () -> keyed("pets?top_k=1", name),
                                answer -> answer.statusCode() != 409);
        HttpResponse<String> other = keyed("pets?top_k=2", name);

        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.headers().firstValue("idempotent-replayed")).contains("true");
        assertThat(other.statusCode()).as(other.body()).isEqualTo(422);
    }

    private HttpResponse<String> keyed(String path, String name) {
        return GATEWAY.send(
                request(path, "image/png")
                        .header("Idempotency-Key", name)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(PICTURE))
                        .build());
    }

    private HttpResponse<String> post(String path, String type, byte[] body) {
        return GATEWAY.send(
                request(path, type).POST(HttpRequest.BodyPublishers.ofByteArray(body)).build());
    }

    private HttpRequest.Builder request(String path, String type) {
        URI uri = URI.create(GATEWAY.url() + "/v1/predict/" + path);
        HttpRequest.Builder request = GATEWAY.request(uri, key.text());
        return type.isEmpty() ? request : request.setHeader("Content-Type", type);
    }
}
