package dev.atrium.node;

import static dev.atrium.node.testing.Answers.assertRanking;
import static dev.atrium.node.testing.Answers.assertRefused;
import static dev.atrium.node.testing.Answers.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.node.api.NodeProtocol;
import dev.atrium.node.api.NodeUsage;
import dev.atrium.node.testing.RunningNode;
import dev.atrium.node.testing.TestModels;
import dev.atrium.registry.api.catalog.AudioSettings;
import dev.atrium.registry.api.catalog.CtcSettings;
import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.catalog.MelSettings;
import dev.atrium.registry.api.catalog.ModelFile;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.VersionSettings;
import dev.atrium.registry.api.node.PlacementOrder;
import dev.atrium.registry.api.usage.Media;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Recordings through decoding, features, model and labels or text, compared with librosa. */
class HearingIT {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final RunningNode NODE = RunningNode.shared();
    private static final JsonNode EXPECTED = JSON.readTree(TestModels.read("audio-expected.json"));
    private static PlacementOrder hearing;
    private static PlacementOrder spelling;

    @BeforeAll
    static void deploy() {
        hearing = hearing(names("classes"), "log-mel", 2);
        spelling =
                spelling(
                        new CtcSettings(names("vocabulary"), null, null, null),
                        store("model.onnx", "audio/spelling.onnx"));
        NODE.awaitReady(hearing);
        NODE.awaitReady(spelling);
    }

    @AfterAll
    static void remove() {
        List.of(hearing, spelling).forEach(NODE.registry()::remove);
    }

    @Test
    void labelsRecordingsAsTheReferenceDoes() {
        EXPECTED.get("heard")
                .properties()
                .forEach(expected -> {
                    HttpResponse<String> answer =
                            NODE.predict(hearing, "", "", recording(expected.getKey()));

                    assertRanking(
                            ok(answer).get("predictions"),
                            expected.getValue().get("predictions"),
                            1e-4);
                    assertCounted(answer, expected.getValue().get("millis").longValue());
                });
    }

    @Test
    void writesWhatWasSaid() {
        EXPECTED.get("understood")
                .properties()
                .forEach(expected -> {
                    HttpResponse<String> answer =
                            NODE.predict(spelling, "", "", recording(expected.getKey()));

                    JsonNode json = ok(answer);
                    assertThat(json.get("text")).isEqualTo(expected.getValue().get("text"));
                    assertThat(json.get("task").stringValue())
                            .isEqualTo("AUTOMATIC_SPEECH_RECOGNITION");
                    assertThat(json.has("predictions")).isFalse();
                    assertCounted(answer, expected.getValue().get("millis").longValue());
                });
    }

    @Test
    void readsTheVocabularyOfAHuggingFaceFolder() {
        byte[] vocabulary =
                """
                {"|": 4, "a": 1, "b": 2, "c": 3, "<pad>": 0}\
                """
                        .getBytes(StandardCharsets.UTF_8);
        PlacementOrder order =
                spelling(
                        null,
                        store("model.onnx", "audio/spelling.onnx"),
                        NODE.registry().store("vocab.json", vocabulary));
        NODE.awaitReady(order);

        JsonNode answer = ok(NODE.predict(order, "", "audio/wav", recording("spoken.wav")));

        assertThat(answer.get("text").stringValue()).isEqualTo("cab abba");
        NODE.registry().remove(order);
    }

    @Test
    void refusesWhatIsNoRecordingAndGoesOn() {
        byte[] wav = recording("hum.wav");
        byte[] lying = wav.clone();
        lying[43] = 0x7F;

        assertRefused(NODE.predict(hearing, "", "audio/mpeg", wav), 415, "audio/wav or audio/flac");
        assertRefused(NODE.predict(hearing, "", "audio/wav", lying), 400, "promises");
        assertRefused(NODE.predict(hearing, "", "", "OggS and so on".getBytes()), 400, "OGG");
        assertRefused(NODE.predict(hearing, "", "audio/flac", new byte[1_000]), 400, "'audio' is");
        assertRefused(NODE.predict(hearing, "", "audio/wav", silence(3)), 413, "the 2 seconds");
        assertThat(ok(NODE.predict(hearing, "?top=1", "audio/x-wav", wav)).get("predictions"))
                .hasSize(1);
    }

    @Test
    void refusesAtTheLoadWhatCanNeverWork() {
        PlacementOrder labels = hearing(List.of("one", "two"), "log-mel", 2);
        PlacementOrder form = hearing(names("classes"), "waveform", 2);
        PlacementOrder tokens =
                spelling(
                        new CtcSettings(List.of("<pad>", "a"), null, null, null),
                        store("model.onnx", "audio/spelling.onnx"));
        PlacementOrder none = spelling(null, store("model.onnx", "audio/spelling.onnx"));

        assertThat(NODE.awaitFailed(labels).reason()).contains("2 labels");
        assertThat(NODE.awaitFailed(form).reason()).contains("shape");
        assertThat(NODE.awaitFailed(tokens).reason()).contains("speech of 2 tokens");
        assertThat(NODE.awaitFailed(none).reason()).contains("vocab.json");
        List.of(labels, form, tokens, none).forEach(NODE.registry()::remove);
    }

    private static PlacementOrder hearing(List<String> labels, String features, int maxSeconds) {
        MelSettings mel = JSON.treeToValue(EXPECTED.get("mel"), MelSettings.class);
        AudioSettings audio =
                new AudioSettings(
                        null,
                        maxSeconds,
                        null,
                        features,
                        features.equals("waveform") ? null : mel,
                        null,
                        null,
                        null,
                        null);
        return place(
                Task.AUDIO_CLASSIFICATION,
                labels,
                audio,
                null,
                store("model.onnx", "audio/hearing.onnx"));
    }

    private static PlacementOrder spelling(@Nullable CtcSettings ctc, ModelFile... files) {
        AudioSettings audio =
                new AudioSettings(null, null, null, null, null, "recording", null, null, null);
        return place(Task.AUTOMATIC_SPEECH_RECOGNITION, null, audio, ctc, files);
    }

    private static PlacementOrder place(
            Task task,
            @Nullable List<String> labels,
            AudioSettings audio,
            @Nullable CtcSettings ctc,
            ModelFile... files) {
        VersionSettings settings =
                new VersionSettings(
                        null, null, null, null, null, labels, null, null, null, null, null, audio,
                        ctc);
        return NODE.registry()
                .place(Framework.ONNX, task, Signature.UNKNOWN, settings, true, List.of(files));
    }

    private static ModelFile store(String name, String file) {
        return NODE.registry().store(name, TestModels.read(file));
    }

    private static byte[] recording(String name) {
        return TestModels.read("audio/" + name);
    }

    /** The hum's header in front of as many seconds of nothing. */
    private static byte[] silence(int seconds) {
        byte[] file = Arrays.copyOf(recording("hum.wav"), 44 + seconds * 32_000);
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(40, seconds * 32_000);
        return file;
    }

    private static List<String> names(String member) {
        List<String> names = new ArrayList<>();
        EXPECTED.get(member).forEach(name -> names.add(name.stringValue()));
        return names;
    }

    private static void assertCounted(HttpResponse<String> response, long millis) {
        String header = response.headers().firstValue(NodeProtocol.USAGE_HEADER).orElseThrow();
        assertThat(JSON.readValue(header, NodeUsage.class).media()).isEqualTo(new Media(0, millis));
        assertThat(JSON.readTree(response.body()).at("/usage/audio_seconds").doubleValue())
                .isEqualTo(millis / 1_000.0);
    }
}
