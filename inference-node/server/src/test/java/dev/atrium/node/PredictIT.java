package dev.atrium.node;

import static dev.atrium.node.testing.Answers.assertRanking;
import static dev.atrium.node.testing.Answers.assertRefused;
import static dev.atrium.node.testing.Answers.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.atrium.node.api.Grant;
import dev.atrium.node.api.NodeProtocol;
import dev.atrium.node.api.NodeUsage;
import dev.atrium.node.testing.RunningNode;
import dev.atrium.node.testing.TestModels;
import dev.atrium.registry.api.catalog.ColumnSettings;
import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.catalog.ImageSettings;
import dev.atrium.registry.api.catalog.ModelFile;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.VersionSettings;
import dev.atrium.registry.api.node.PlacementOrder;
import dev.atrium.registry.api.usage.Media;
import dev.atrium.registry.api.usage.Operation;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Natural inputs through preparation, model and labels, compared with Pillow, NumPy and the rest.
 */
class PredictIT {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final RunningNode NODE = RunningNode.shared();
    private static final JsonNode EXPECTED = JSON.readTree(TestModels.read("tasks-expected.json"));
    private static PlacementOrder image;
    private static PlacementOrder text;
    private static PlacementOrder table;

    @BeforeAll
    static void deploy() {
        image =
                place(
                        Task.IMAGE_CLASSIFICATION,
                        settings(
                                strings("classes"),
                                new ImageSettings(
                                        null,
                                        null,
                                        null,
                                        null,
                                        null,
                                        null,
                                        TestModels.numbers(EXPECTED.get("mean")),
                                        TestModels.numbers(EXPECTED.get("std")),
                                        null),
                                null),
                        store("model.onnx", "tasks/image.onnx"));
        text =
                place(
                        Task.TEXT_CLASSIFICATION,
                        settings(strings("moods"), null, null),
                        store("model.onnx", "tasks/text.onnx"),
                        store("tokenizer.json", "tiny-embedding/tokenizer.json"));
        table =
                place(
                        Task.TABULAR,
                        settings(strings("moods"), null, columns()),
                        store("model.onnx", "tasks/table.onnx"));
        List.of(image, text, table).forEach(NODE::awaitReady);
    }

    @AfterAll
    static void remove() {
        List.of(image, text, table).forEach(NODE.registry()::remove);
    }

    @Test
    void labelsPicturesAsTheReferenceDoes() {
        for (String name : List.of("rgb.png", "rgba.png", "palette.png", "grey.png")) {
            HttpResponse<String> response = NODE.predict(image, "", "image/png", picture(name));

            JsonNode answer = ok(response);
            assertThat(usage(response).media()).isEqualTo(new Media(1, 0));
            assertThat(answer.at("/usage/images").longValue()).isEqualTo(1);
            assertRanking(
                    answer.get("predictions"),
                    EXPECTED.at("/images/" + name + "/predictions"),
                    1e-5);
            assertThat(answer.get("task").stringValue()).isEqualTo("IMAGE_CLASSIFICATION");
            assertThat(answer.get("model").stringValue()).isEqualTo(image.model().toString());
            assertThat(answer.get("version").intValue()).isEqualTo(image.version());
        }
        for (String name : List.of("photo.jpg", "progressive.jpg")) {
            assertRanking(
                    ok(NODE.predict(image, "", "image/jpeg", picture(name))).get("predictions"),
                    EXPECTED.at("/images/" + name + "/predictions"),
                    0.02);
        }
    }

    /** Gateways of an earlier version call every prediction just that. */
    @ParameterizedTest
    @CsvSource({
        "IMAGE_CLASSIFICATION, 200",
        "PREDICT, 200",
        "TRANSCRIPTION, 200",
        "INFER, 401",
        "CHAT, 401",
        "EMBEDDINGS, 401"
    })
    void takesGrantsOfPredictionsAlone(Operation operation, int status) {
        Grant grant = NODE.registry().grant(image, operation);

        HttpResponse<String> response = NODE.predict(grant, "", "image/png", picture("rgb.png"));

        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    }

    @Test
    void labelsTextsAsTheReferenceDoes() {
        byte[] words = EXPECTED.get("text").stringValue().getBytes(StandardCharsets.UTF_8);

        HttpResponse<String> response = NODE.predict(text, "", "text/plain; charset=utf-8", words);

        JsonNode answer = ok(response);
        assertRanking(answer.get("predictions"), EXPECTED.get("textPredictions"), 1e-5);
        assertThat(answer.at("/usage/input_tokens").longValue())
                .isEqualTo(EXPECTED.get("tokens").longValue());
        NodeUsage usage = usage(response);
        assertThat(usage.inputTokens()).isEqualTo(EXPECTED.get("tokens").longValue());
        assertThat(usage.computeMicros()).isPositive();
        assertThat(usage.media()).isNull();
    }

    private static NodeUsage usage(HttpResponse<String> response) {
        return JSON.readValue(
                response.headers().firstValue(NodeProtocol.USAGE_HEADER).orElseThrow(),
                NodeUsage.class);
    }

    @Test
    void labelsRowsAsTheReferenceDoes() {
        byte[] rows = JSON.writeValueAsBytes(EXPECTED.get("rows"));

        JsonNode predictions =
                ok(NODE.predict(table, "", "application/json", rows)).get("predictions");

        assertThat(predictions).hasSize(3);
        for (int row = 0; row < 3; row++) {
            assertRanking(predictions.get(row), EXPECTED.get("tablePredictions").get(row), 1e-5);
        }
    }

    @Test
    void answersValuesOfRowsWhereNobodyNamedClasses() {
        PlacementOrder values =
                place(
                        Task.TABULAR,
                        settings(null, null, columns()),
                        store("model.onnx", "tasks/table.onnx"));
        NODE.awaitReady(values);
        byte[] rows = JSON.writeValueAsBytes(Map.of("rows", EXPECTED.get("rows")));

        JsonNode answer = ok(NODE.predict(values, "", "application/json", rows));

        for (int row = 0; row < 3; row++) {
            List<Double> expected = TestModels.numbers(EXPECTED.get("values").get(row));
            assertThat(answer.get("values").get(row)).hasSize(expected.size());
            for (int i = 0; i < expected.size(); i++) {
                assertThat(answer.get("values").get(row).get(i).doubleValue())
                        .isCloseTo(expected.get(i), within(1e-5));
            }
        }
        NODE.registry().remove(values);
    }

    @Test
    void takesFormsWithOneFileAndBodiesWithoutAType() {
        byte[] picture = picture("rgb.png");
        JsonNode expected = EXPECTED.at("/images/rgb.png/predictions");

        JsonNode form =
                ok(
                        NODE.predict(
                                image,
                                "?top=2",
                                "multipart/form-data; boundary=\"x-y\"",
                                form("image/png", picture)));
        JsonNode bare = ok(NODE.predict(image, "", "", picture));

        assertThat(form.get("predictions")).hasSize(2);
        assertThat(form.at("/predictions/0/label")).isEqualTo(expected.at("/0/label"));
        assertRanking(bare.get("predictions"), expected, 1e-5);
    }

    @Test
    void refusesWhatTheTaskDoesNotTake() {
        byte[] picture = picture("rgb.png");
        String boundary = "multipart/form-data; boundary=x-y";
        byte[] two = form("image/png", picture);
        byte[] parts = concat(form(null, picture), two);

        assertRefused(NODE.predict(image, "", "image/gif", picture), 415, "image/jpeg");
        assertRefused(NODE.predict(text, "", "image/png", picture), 415, "text/plain");
        assertRefused(NODE.predict(image, "", boundary, form("text/plain", picture)), 415, "png");
        assertRefused(NODE.predict(image, "", boundary, picture), 400, "form has no part");
        assertRefused(NODE.predict(image, "", "multipart/form-data", two), 400, "no boundary");
        assertRefused(
                NODE.predict(
                        image, "", boundary, replaced(parts, "\r\n--x-y--\r\n--x-y", "\r\n--x-y")),
                400,
                "one part only");
        assertRefused(NODE.predict(text, "", "text/plain", new byte[] {(byte) 0xC3}), 400, "UTF-8");
        assertRefused(NODE.predict(text, "", "text/plain", " ".getBytes()), 400, "empty");
        assertRefused(NODE.predict(image, "", "image/png", "hello".getBytes()), 400, "'image'");
        assertRefused(
                NODE.predict(table, "", "application/json", "[[]]".getBytes()), 400, "rows[0]");
    }

    /** The worker is still the same one afterwards. */
    @Test
    void survivesPicturesAndTablesThatMeanHarm() {
        byte[] bomb = picture("rgb.png").clone();
        for (int at : new int[] {16, 20}) {
            bomb[at + 1] = 1;
        }

        assertRefused(NODE.predict(image, "", "image/png", bomb), 413, "pixels");
        assertRefused(
                NODE.predict(table, "", "application/json", "[".repeat(1 << 20).getBytes()),
                400,
                "rows[0]");
        assertRefused(
                NODE.predict(
                        table,
                        "",
                        "application/json",
                        ("[" + "[],".repeat(20_000) + "[]]").getBytes()),
                400,
                "rows[0]");

        assertRanking(
                ok(NODE.predict(image, "", "image/png", picture("rgb.png"))).get("predictions"),
                EXPECTED.at("/images/rgb.png/predictions"),
                1e-5);
    }

    /** As large as pictures may be, and two at a time: the worker's memory must do. */
    @Test
    void labelsLargePicturesSideBySide() throws Exception {
        BufferedImage large = new BufferedImage(5_000, 4_000, BufferedImage.TYPE_3BYTE_BGR);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ImageIO.write(large, "jpeg", file);

        List<HttpResponse<String>> answers =
                IntStream.range(0, 4)
                        .parallel()
                        .mapToObj(i -> NODE.predict(image, "", "image/jpeg", file.toByteArray()))
                        .toList();

        assertThat(answers).allSatisfy(answer -> ok(answer));
    }

    @Test
    void refusesAtTheLoadWhatCanNeverWork() {
        PlacementOrder wrong =
                place(
                        Task.TABULAR,
                        settings(null, null, columns().subList(0, 1)),
                        store("model.onnx", "tasks/table.onnx"));
        PlacementOrder short_ =
                place(
                        Task.IMAGE_CLASSIFICATION,
                        settings(List.of("one", "two"), null, null),
                        store("model.onnx", "tasks/image.onnx"));

        assertThat(NODE.awaitFailed(wrong).reason()).contains("shape");
        assertThat(NODE.awaitFailed(short_).reason()).contains("2 labels");
        List.of(wrong, short_).forEach(NODE.registry()::remove);
    }

    @Test
    void shipsWhatAPredictionUsed() {
        byte[] words = "the cat".getBytes(StandardCharsets.UTF_8);
        long before = shipped();

        ok(NODE.predict(text, "", "text/plain", words));

        await().until(() -> shipped() > before);
    }

    private static long shipped() {
        return NODE.registry().usage().stream()
                .filter(record -> record.versionId().equals(text.versionId()))
                .filter(record -> record.inputTokens() > 0)
                .count();
    }

    private static PlacementOrder place(Task task, VersionSettings settings, ModelFile... files) {
        return NODE.registry()
                .place(Framework.ONNX, task, Signature.UNKNOWN, settings, true, List.of(files));
    }

    private static VersionSettings settings(
            @Nullable List<String> labels,
            @Nullable ImageSettings image,
            @Nullable List<ColumnSettings> columns) {
        return new VersionSettings(
                null, null, null, null, null, labels, null, null, null, image, columns, null, null);
    }

    private static List<ColumnSettings> columns() {
        return JSON.convertValue(
                EXPECTED.get("columns"), new TypeReference<List<ColumnSettings>>() {});
    }

    private static ModelFile store(String name, String file) {
        return NODE.registry().store(name, TestModels.read(file));
    }

    private static byte[] picture(String name) {
        return TestModels.read("tasks/" + name);
    }

    private static byte[] form(@Nullable String type, byte[] content) {
        String head =
                "--x-y\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n"
                        + (type == null ? "" : "content-type: " + type + "\r\n")
                        + "\r\n";
        return concat(
                concat(head.getBytes(StandardCharsets.ISO_8859_1), content),
                "\r\n--x-y--\r\n".getBytes(StandardCharsets.ISO_8859_1));
    }

    private static byte[] concat(byte[] first, byte[] second) {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(first);
        both.writeBytes(second);
        return both.toByteArray();
    }

    private static byte[] replaced(byte[] bytes, String what, String with) {
        return new String(bytes, StandardCharsets.ISO_8859_1)
                .replace(what, with)
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static List<String> strings(String name) {
        List<String> texts = new ArrayList<>();
        EXPECTED.get(name).forEach(each -> texts.add(each.stringValue()));
        return texts;
    }
}
