package dev.atrium.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.atrium.node.api.EmbedRequest;
import dev.atrium.node.api.Grant;
import dev.atrium.node.api.NodeProtocol;
import dev.atrium.node.api.NodeUsage;
import dev.atrium.node.testing.RunningNode;
import dev.atrium.node.testing.TestModels;
import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.catalog.ModelFile;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.VersionSettings;
import dev.atrium.registry.api.node.PlacementOrder;
import dev.atrium.registry.api.usage.Operation;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Texts through tokenizer, model and pooling. */
class EmbeddingIT {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final RunningNode NODE = RunningNode.shared();
    private static final JsonNode EXPECTED =
            JSON.readTree(TestModels.read("tiny-embedding-expected.json"));

    private record Vectors(float[][] rows, NodeUsage usage) {}

    @Test
    void poolsAndNormalisesAsTheReferenceDoes() {
        PlacementOrder tiny = deployTiny(VersionSettings.DEFAULT);
        List<String> texts = texts(EXPECTED.get("texts"));

        Vectors vectors = embed(tiny, texts);

        float[][] reference = reference(EXPECTED);
        for (int row = 0; row < reference.length; row++) {
            assertThat(vectors.rows()[row]).containsExactly(reference[row], within(1e-4f));
        }
        assertThat(vectors.usage().inputTokens()).isEqualTo(tokens(EXPECTED));
        assertThat(vectors.usage().outputTokens()).isZero();
    }

    @Test
    void takesTheFirstTokenWithoutNormalisingWhenTheOwnerSaysSo() {
        PlacementOrder tiny = deployTiny(new VersionSettings("cls", false, null, null, null));
        List<String> texts = texts(EXPECTED.get("texts"));

        Vectors vectors = embed(tiny, texts);

        List<Double> states = TestModels.numbers(EXPECTED.get("last_hidden_state").get("data"));
        for (int column = 0; column < 16; column++) {
            assertThat(vectors.rows()[0][column])
                    .isCloseTo(states.get(column).floatValue(), within(1e-4f));
        }
    }

    @Test
    void cutsTextsAtTheOwnersLimitAndCountsOnlyWhatWasComputed() {
        PlacementOrder tiny = deployTiny(new VersionSettings(null, null, 5, null, null));

        Vectors vectors = embed(tiny, List.of("the cat sleeps on the road and a dog runs"));

        assertThat(vectors.usage().inputTokens()).isEqualTo(5);
    }

    @Test
    void keepsTheOrderOfManyTextsOfAllLengths() {
        PlacementOrder tiny = deployTiny(VersionSettings.DEFAULT);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            texts.add("cat dog horse ".repeat(1 + (i * 7) % 13) + (i % 2 == 0 ? "piano" : "soup"));
        }

        Vectors together = embed(tiny, texts);

        for (int i = 0; i < texts.size(); i += 17) {
            float[] alone = embed(tiny, List.of(texts.get(i))).rows()[0];
            assertThat(together.rows()[i]).containsExactly(alone, within(1e-4f));
        }
    }

    @Test
    void putsSimilarSentencesCloserThanDifferentOnesWithARealModel() throws IOException {
        PlacementOrder miniLm =
                NODE.registry()
                        .place(
                                Framework.ONNX,
                                Task.TEXT_EMBEDDING,
                                Signature.UNKNOWN,
                                VersionSettings.DEFAULT,
                                true,
                                List.of(
                                        store("model.onnx", resource("/all-minilm-l6-v2.onnx")),
                                        store(
                                                "tokenizer.json",
                                                resource("/all-minilm-l6-v2-tokenizer.json"))));
        NODE.awaitReady(miniLm);

        Vectors vectors =
                embed(
                        miniLm,
                        List.of(
                                "A cat sits on the mat.",
                                "A kitten is sitting on a rug.",
                                "The stock market fell sharply today."));

        assertThat(vectors.rows()[0]).hasSize(384);
        assertThat(dot(vectors.rows()[0], vectors.rows()[1]))
                .isGreaterThan(dot(vectors.rows()[0], vectors.rows()[2]) + 0.3);
        assertThat(dot(vectors.rows()[0], vectors.rows()[0])).isCloseTo(1, within(1e-4));
        NODE.registry().remove(miniLm);
    }

    @Test
    void shipsTheTokensItCounted() {
        PlacementOrder tiny = deployTiny(VersionSettings.DEFAULT);
        Grant grant = NODE.registry().grant(tiny, Operation.EMBEDDINGS);

        send(grant, List.of("the cat sleeps"));

        var shipped =
                await().until(() -> NODE.registry().usageOf(grant), Optional::isPresent)
                        .orElseThrow();
        assertThat(shipped.inputTokens()).isEqualTo(5);
        assertThat(shipped.outcome()).isEqualTo("OK");
    }

    @Test
    void refusesAnEmptyList() {
        PlacementOrder tiny = deployTiny(VersionSettings.DEFAULT);

        var response = send(NODE.registry().grant(tiny, Operation.EMBEDDINGS), List.of());

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(new String(response.body())).contains("1 to 2048");
    }

    @Test
    void refusesToGenerateWithAnEmbeddingModel() {
        PlacementOrder tiny = deployTiny(VersionSettings.DEFAULT);

        var response =
                NODE.send(
                        NodeProtocol.CHAT,
                        NODE.registry().grant(tiny, Operation.CHAT),
                        """
                        {"messages":[{"role":"user","content":"hello"}],"stop":[]}
                        """);

        assertThat(response.statusCode()).isEqualTo(501);
        assertThat(response.body()).contains("unsupported");
    }

    private static PlacementOrder deployTiny(VersionSettings settings) {
        PlacementOrder order =
                NODE.registry()
                        .place(
                                Framework.ONNX,
                                Task.TEXT_EMBEDDING,
                                Signature.UNKNOWN,
                                settings,
                                true,
                                List.of(
                                        tiny("model.onnx"),
                                        tiny("tokenizer.json"),
                                        tiny("config.json")));
        NODE.awaitReady(order);
        return order;
    }

    private static ModelFile tiny(String name) {
        return store(name, TestModels.read("tiny-embedding/" + name));
    }

    private static ModelFile store(String name, byte[] content) {
        return NODE.registry().store(name, content);
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream stream = EmbeddingIT.class.getResourceAsStream(name)) {
            return stream.readAllBytes();
        }
    }

    private static Vectors embed(PlacementOrder order, List<String> texts) {
        var response = send(NODE.registry().grant(order, Operation.EMBEDDINGS), texts);
        assertThat(response.statusCode()).as(new String(response.body())).isEqualTo(200);
        String shape = response.headers().firstValue(NodeProtocol.SHAPE_HEADER).orElseThrow();
        assertThat(shape).startsWith(texts.size() + ",");
        int columns = Integer.parseInt(shape.substring(shape.indexOf(',') + 1));
        var values =
                ByteBuffer.wrap(response.body()).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        float[][] rows = new float[texts.size()][columns];
        for (float[] row : rows) {
            values.get(row);
        }
        assertThat(values.hasRemaining()).isFalse();
        NodeUsage usage =
                JSON.readValue(
                        response.headers().firstValue(NodeProtocol.USAGE_HEADER).orElseThrow(),
                        NodeUsage.class);
        return new Vectors(rows, usage);
    }

    private static HttpResponse<byte[]> send(Grant grant, List<String> texts) {
        return NODE.send(
                NodeProtocol.EMBED,
                grant,
                NODE.registry().sign(grant),
                JSON.writeValueAsString(new EmbedRequest(texts)),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(each -> texts.add(each.asString()));
        return texts;
    }

    private static long tokens(JsonNode expected) {
        long sum = 0;
        for (JsonNode row : expected.get("attention_mask")) {
            sum += TestModels.numbers(row).stream().mapToLong(Double::longValue).sum();
        }
        return sum;
    }

    /** Mean over the mask and length 1, by hand. */
    private static float[][] reference(JsonNode expected) {
        List<Double> states = TestModels.numbers(expected.get("last_hidden_state").get("data"));
        List<Double> shape = TestModels.numbers(expected.get("last_hidden_state").get("shape"));
        int rows = shape.get(0).intValue();
        int tokens = shape.get(1).intValue();
        int columns = shape.get(2).intValue();
        float[][] vectors = new float[rows][columns];
        for (int row = 0; row < rows; row++) {
            List<Double> mask = TestModels.numbers(expected.get("attention_mask").get(row));
            for (int token = 0; token < tokens; token++) {
                for (int column = 0; column < columns; column++) {
                    vectors[row][column] +=
                            mask.get(token) * states.get((row * tokens + token) * columns + column);
                }
            }
            double length = Math.sqrt(dot(vectors[row], vectors[row]));
            for (int column = 0; column < columns; column++) {
                vectors[row][column] /= (float) length;
            }
        }
        return vectors;
    }

    private static double dot(float[] one, float[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += one[i] * other[i];
        }
        return sum;
    }
}
