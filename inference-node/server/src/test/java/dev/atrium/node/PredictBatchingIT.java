package dev.atrium.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.atrium.node.api.Grant;
import dev.atrium.node.api.NodeProtocol;
import dev.atrium.node.api.NodeUsage;
import dev.atrium.node.testing.FakeRegistry;
import dev.atrium.node.testing.RunningNode;
import dev.atrium.node.testing.TestModels;
import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.catalog.ModelFile;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.VersionSettings;
import dev.atrium.registry.api.node.PlacementOrder;
import dev.atrium.registry.api.usage.Media;
import dev.atrium.registry.api.usage.Operation;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Predictions of many callers share batches and answer each as it would be alone. */
class PredictBatchingIT {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final JsonNode EXPECTED = JSON.readTree(TestModels.read("tasks-expected.json"));
    private static final List<String> PICTURES =
            List.of("rgb.png", "rgba.png", "palette.png", "grey.png");
    private static final int CALLS = 48;
    private static RunningNode node;

    private record Sent(Grant grant, CompletableFuture<HttpResponse<String>> response) {
        HttpResponse<String> answer() {
            return response.join();
        }

        JsonNode ok() {
            assertThat(answer().statusCode()).as(answer().body()).isEqualTo(200);
            return JSON.readTree(answer().body());
        }
    }

    @BeforeAll
    static void start() {
        node = RunningNode.start(FakeRegistry.start(), "atrium.node.worker.parallel=1");
    }

    @Test
    void labelsPicturesTogetherAsAlone() {
        PlacementOrder model =
                place(
                        Task.IMAGE_CLASSIFICATION,
                        VersionSettings.DEFAULT,
                        file("model.onnx", "tasks/image.onnx"));
        List<JsonNode> alone =
                PICTURES.stream()
                        .map(name -> send(model, "image/png", picture(name)).ok())
                        .toList();
        long before = batches(model);

        List<Sent> together = burst(model, "image/png", i -> picture(PICTURES.get(i % 4)));

        for (int i = 0; i < CALLS; i++) {
            assertSame(together.get(i).ok(), alone.get(i % 4));
            assertThat(usage(together.get(i)).media()).isEqualTo(new Media(1, 0));
        }
        assertThat(batches(model) - before).isLessThan(CALLS);
        assertThat(largest(model)).isGreaterThan(1);
        node.registry().remove(model);
    }

    @Test
    void aBrokenPictureFailsAlone() {
        PlacementOrder model =
                place(
                        Task.IMAGE_CLASSIFICATION,
                        VersionSettings.DEFAULT,
                        file("model.onnx", "tasks/image.onnx"));
        byte[] broken = picture("rgb.png");
        Arrays.fill(broken, 40, broken.length, (byte) 7);

        List<Sent> sent = burst(model, "image/png", i -> i % 5 == 0 ? broken : picture("rgba.png"));

        for (int i = 0; i < CALLS; i++) {
            int status = sent.get(i).answer().statusCode();
            assertThat(status).as(sent.get(i).answer().body()).isEqualTo(i % 5 == 0 ? 400 : 200);
        }
        assertThat(node.registry().report(model).orElseThrow().reason()).isNull();
        node.registry().remove(model);
    }

    @Test
    void labelsTextsOfManyLengthsAsAlone() {
        PlacementOrder model =
                place(
                        Task.TEXT_CLASSIFICATION,
                        VersionSettings.DEFAULT,
                        file("model.onnx", "tasks/text.onnx"),
                        file("tokenizer.json", "tiny-embedding/tokenizer.json"));
        String text = EXPECTED.get("text").stringValue();
        List<String> texts = List.of(text, text + " " + text, text, "a cat");
        List<JsonNode> alone = new ArrayList<>();
        List<Long> tokens = new ArrayList<>();
        for (String each : texts) {
            Sent sent = send(model, "text/plain", each.getBytes(StandardCharsets.UTF_8));
            alone.add(sent.ok());
            tokens.add(usage(sent).inputTokens());
        }
        long before = batches(model);

        List<Sent> together =
                burst(model, "text/plain", i -> texts.get(i % 4).getBytes(StandardCharsets.UTF_8));

        for (int i = 0; i < CALLS; i++) {
            assertSame(together.get(i).ok(), alone.get(i % 4));
            assertThat(usage(together.get(i)).inputTokens()).isEqualTo(tokens.get(i % 4));
        }
        assertThat(batches(model) - before).isLessThan(CALLS);
        node.registry().remove(model);
    }

    @Test
    void chargesEachCallItsPart() {
        PlacementOrder model =
                place(
                        Task.IMAGE_CLASSIFICATION,
                        VersionSettings.DEFAULT,
                        file("model.onnx", "tasks/image.onnx"));

        List<Sent> sent = burst(model, "image/png", i -> picture("rgb.png"));

        for (Sent each : sent) {
            each.ok();
            assertThat(usage(each).computeMicros()).isPositive();
            await().until(() -> node.registry().usageOf(each.grant()).isPresent());
            assertThat(node.registry().usageOf(each.grant()).orElseThrow().outcome())
                    .isEqualTo("OK");
        }
        node.registry().remove(model);
    }

    private static void assertSame(JsonNode answer, JsonNode alone) {
        JsonNode one = answer.get("predictions");
        JsonNode other = alone.get("predictions");
        assertThat(one.size()).isEqualTo(other.size());
        for (int i = 0; i < one.size(); i++) {
            assertThat(one.get(i).get("label")).isEqualTo(other.get(i).get("label"));
            assertThat(one.get(i).get("score").doubleValue())
                    .isCloseTo(other.get(i).get("score").doubleValue(), within(1e-5));
        }
    }

    private interface Bodies {
        byte[] of(int call);
    }

    private static List<Sent> burst(PlacementOrder model, String type, Bodies bodies) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            return IntStream.range(0, CALLS)
                    .mapToObj(i -> {
                        Grant grant = grant(model);
                        return new Sent(
                                grant,
                                CompletableFuture.supplyAsync(
                                        () -> node.predict(grant, "", type, bodies.of(i)),
                                        threads));
                    })
                    .toList();
        }
    }

    private static Sent send(PlacementOrder model, String type, byte[] body) {
        Grant grant = grant(model);
        return new Sent(
                grant, CompletableFuture.completedFuture(node.predict(grant, "", type, body)));
    }

    private static Grant grant(PlacementOrder model) {
        return node.registry().grant(model, Operation.ofPrediction(model.task()));
    }

    private static NodeUsage usage(Sent sent) {
        return JSON.readValue(
                sent.answer().headers().firstValue(NodeProtocol.USAGE_HEADER).orElseThrow(),
                NodeUsage.class);
    }

    private static PlacementOrder place(Task task, VersionSettings settings, ModelFile... files) {
        PlacementOrder order =
                node.registry()
                        .place(
                                Framework.ONNX,
                                task,
                                Signature.UNKNOWN,
                                settings,
                                true,
                                List.of(files));
        assertThat(node.awaitReady(order).reason()).as("its calls share batches").isNull();
        return order;
    }

    private static ModelFile file(String name, String resource) {
        return node.registry().store(name, TestModels.read(resource));
    }

    private static byte[] picture(String name) {
        return TestModels.read("tasks/" + name);
    }

    private static long batches(PlacementOrder model) {
        return summary(model).count();
    }

    private static double largest(PlacementOrder model) {
        return summary(model).max();
    }

    private static DistributionSummary summary(PlacementOrder model) {
        return node.bean(MeterRegistry.class)
                .get("atrium.node.batch.calls")
                .tag("model", model.model().toString())
                .summary();
    }
}
