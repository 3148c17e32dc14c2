package dev.atrium.gateway.openai;

import static dev.atrium.gateway.testing.OpenAiAnswers.assertError;
import static dev.atrium.gateway.testing.OpenAiAnswers.booked;
import static dev.atrium.gateway.testing.SharedGateway.GATEWAY;
import static dev.atrium.gateway.testing.SharedGateway.NODE_A;
import static dev.atrium.gateway.testing.SharedGateway.PLATFORM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.gateway.testing.FakeInferenceNode.Script;
import dev.atrium.gateway.testing.Platform.KeyFixture;
import dev.atrium.gateway.testing.Platform.TenantFixture;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.usage.Operation;
import dev.atrium.registry.api.usage.UsageRecord;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Speech in the form of the OpenAI API. */
class TranscriptionIT {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final byte[] SOUND = {
        'R', 'I', 'F', 'F', '\r', '\n', '-', '-', 0, 1, (byte) 255
    };

    private TenantFixture acme;
    private KeyFixture key;

    @BeforeEach
    void deploy() {
        acme = PLATFORM.tenant("t" + UUID.randomUUID().toString().substring(0, 8));
        PLATFORM.replica(
                PLATFORM.model(acme, "speech", Task.AUTOMATIC_SPEECH_RECOGNITION).version(1),
                NODE_A);
        PLATFORM.replica(
                PLATFORM.model(acme, "sounds", Task.AUDIO_CLASSIFICATION).version(1), NODE_A);
        key = PLATFORM.key(acme);
        await().atMost(PATIENCE)
                .until(() ->
                        GATEWAY.get("/v1/models/speech", key.text()).statusCode() == 200
                                && GATEWAY.get("/v1/models/sounds", key.text()).statusCode()
                                        == 200);
    }

    @AfterEach
    void behave() {
        NODE_A.script(Script.answer());
    }

    @Test
    void answersTheTextOfARecording() {
        HttpResponse<String> answer = post(new Form().part("model", "speech").file("audio/x-wav"));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode json = JSON.readTree(answer.body());
        assertThat(json.get("text").stringValue()).isEqualTo("heard 11 bytes µ");
        assertThat(json.at("/usage/type").stringValue()).isEqualTo("duration");
        assertThat(json.at("/usage/seconds").doubleValue()).isEqualTo(1.25);
        UsageRecord usage = booked(answer);
        assertThat(usage.operation()).isEqualTo(Operation.TRANSCRIPTION);
        assertThat(usage.httpStatus()).isEqualTo(200);
        assertThat(usage.computeMicros()).isEqualTo(2_000);
    }

    /** Speech is speech by either path, other sounds are none. */
    @Test
    void booksARecordingByWhatItsModelDoes() {
        HttpResponse<String> speech = predict("speech");
        HttpResponse<String> sounds = predict("sounds");

        assertThat(booked(speech).operation()).isEqualTo(Operation.TRANSCRIPTION);
        assertThat(booked(sounds).operation()).isEqualTo(Operation.PREDICT);
    }

    private HttpResponse<String> predict(String model) {
        URI uri = URI.create(GATEWAY.url() + "/v1/predict/" + model);
        return GATEWAY.send(
                GATEWAY.request(uri, key.text())
                        .setHeader("Content-Type", "audio/wav")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(SOUND))
                        .build());
    }

    /** Whatever the order of the parts, and with hints that no model here understands. */
    @Test
    void answersTheBareTextWhereThatIsAskedFor() {
        HttpResponse<String> answer =
                post(
                        new Form()
                                .file("audio/flac")
                                .part("response_format", "text")
                                .part("language", "en")
                                .part("temperature", "0.0")
                                .part("model", acme.slug() + "/speech"));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type"))
                .contains("text/plain; charset=utf-8");
        assertThat(answer.body()).isEqualTo("heard 11 bytes µ");
    }

    @Test
    void refusesByNameWhatItDoesNotDo() {
        for (String[] member :
                new String[][] {
                    {"response_format", "verbose_json"},
                    {"stream", "true"},
                    {"timestamp_granularities[]", "word"},
                    {"prompt", "names"},
                    {"temperature", "0.7"},
                    {"include[]", "logprobs"}
                }) {
            assertError(
                    post(speech().part(member[0], member[1])),
                    400,
                    "unsupported_parameter",
                    member[0]);
        }
    }

    @Test
    void refusesFormsThatAreNotWhole() {
        assertError(post(new Form().part("model", "speech")), 400, "invalid_request", "'file' is");
        assertError(post(new Form().file("audio/wav")), 400, "invalid_request", "'model' is");
        assertError(
                post(speech().part("model", "sounds")), 400, "invalid_request", "is there twice");
        assertError(post(speech().file("audio/wav")), 400, "invalid_request", "is there twice");
        assertError(
                send("multipart/form-data; boundary=x", SOUND), 400, "invalid_request", "no part");
        assertError(
                send("multipart/form-data", speech().bytes()), 400, "invalid_request", "boundary");
        assertError(
                send("application/json", "{}".getBytes()), 415, "unsupported_media_type", "form");
    }

    @Test
    void refusesOtherModelsAndOtherFiles() {
        assertError(
                post(new Form().part("model", "sounds").file("audio/wav")),
                400,
                "invalid_request",
                "AUDIO_CLASSIFICATION");
        assertError(
                post(new Form().part("model", "absent").file("audio/wav")),
                404,
                "model_not_found",
                "absent");
        assertError(
                post(new Form().part("model", "speech").file("video/mp4")),
                415,
                "unsupported_media_type",
                "audio/wav or audio/flac");
        NODE_A.script(Script.refuseAbout("audio", "'audio' breaks off"));
        assertError(post(speech()), 400, "invalid_request", "breaks off");
        assertError(
                GATEWAY.get("/v1/audio/transcriptions", key.text()),
                405,
                "method_not_allowed",
                "POST");
    }

    private static Form speech() {
        return new Form().part("model", "speech").file("audio/wav");
    }

    private HttpResponse<String> post(Form form) {
        return send("multipart/form-data; boundary=---bc", form.bytes());
    }

    private HttpResponse<String> send(String type, byte[] body) {
        URI uri = URI.create(GATEWAY.url() + "/v1/audio/transcriptions");
        return GATEWAY.send(
                GATEWAY.request(uri, key.text())
                        .setHeader("Content-Type", type)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build());
    }

    private static final class Form {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Form part(String name, String value) {
            return part("name=\"" + name + "\"", value.getBytes(StandardCharsets.UTF_8));
        }

        Form file(String type) {
            return part("name=\"file\"; filename=\"a.wav\"\r\nContent-Type: " + type, SOUND);
        }

        private Form part(String head, byte[] content) {
            text("-----bc\r\nContent-Disposition: form-data; " + head + "\r\n\r\n");
            bytes.writeBytes(content);
            text("\r\n");
            return this;
        }

        private void text(String text) {
            bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        }

        byte[] bytes() {
            Form whole = new Form();
            whole.bytes.writeBytes(bytes.toByteArray());
            whole.text("-----bc--\r\n");
            return whole.bytes.toByteArray();
        }
    }
}
