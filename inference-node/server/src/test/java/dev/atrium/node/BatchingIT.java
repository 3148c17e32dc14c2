package dev.atrium.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.atrium.node.api.EmbedRequest;
import dev.atrium.node.api.Grant;
import dev.atrium.node.api.NodeProtocol;
import dev.atrium.node.model.Replicas;
import dev.atrium.node.testing.FakeRegistry;
import dev.atrium.node.testing.Grants;
import dev.atrium.node.testing.RunningNode;
import dev.atrium.node.testing.TestModels;
import dev.atrium.node.testing.TinyOnnx;
import dev.atrium.node.worker.HostedModel;
import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.catalog.ModelFile;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.VersionSettings;
import dev.atrium.registry.api.node.PlacementOrder;
import dev.atrium.registry.api.usage.NodeUsageRecord;
import dev.atrium.registry.api.usage.Operation;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Calls that share batches, on a node that computes one batch at a time: while a call with the slow
 * id 0 is computed, the others of a test gather behind it.
 */
class BatchingIT {
    private static final long TRIPS = 2_500_000;
    private static RunningNode node;
    private static PlacementOrder platform;

    @BeforeAll
    static void start() {
        node = RunningNode.start(FakeRegistry.start(), "atrium.node.worker.parallel=1");
        platform = deploy(true, TinyOnnx.slowLookup(TRIPS));
    }

    @Test
    void computesCallsOfManyTenantsTogetherAndAnswersEachWithItsRows() {
        long before = batches(platform);
        Sent first = send(platform, "0");
        awaitInFlight(platform, 1);

        List<Sent> others =
                IntStream.range(0, 8)
                        .mapToObj(i -> send(platform, i % 2 == 0 ? "1" : "2,3"))
                        .toList();
        awaitInFlight(platform, 9);

        assertThat(first.values()).containsExactly(0.0, 1.0);
        for (int i = 0; i < 8; i++) {
            assertThat(others.get(i).values())
                    .containsExactlyElementsOf(
                            i % 2 == 0 ? List.of(2.0, 3.0) : List.of(4.0, 5.0, 6.0, 7.0));
        }
        assertThat(batches(platform) - before).isEqualTo(2);
        assertThat(largestBatch(platform)).isGreaterThanOrEqualTo(8);
    }

    @Test
    void sharesTheTimeOfABatchOutByRows() {
        Sent first = send(platform, "0");
        awaitInFlight(platform, 1);

        Sent one = send(platform, "0");
        Sent three = send(platform, "0,1,2");
        awaitInFlight(platform, 3);

        long whole = first.shipped().computeMicros();
        long part = one.shipped().computeMicros();
        assertThat(three.shipped().computeMicros()).isBetween(3 * part - 3, 3 * part + 3);
        assertThat(4 * part).as("together they cost one batch").isLessThan(2 * whole);
        assertThat(three.shipped().energy().microjoules())
                .isBetween(
                        3 * one.shipped().energy().microjoules() - 3,
                        3 * one.shipped().energy().microjoules() + 3);
    }

    @Test
    void aBadInputFailsAlone() {
        send(platform, "0");
        awaitInFlight(platform, 1);

        Sent good = send(platform, "1");
        Sent bad = send(platform, "9");
        Sent alsoGood = send(platform, "2");
        awaitInFlight(platform, 4);

        assertThat(good.values()).containsExactly(2.0, 3.0);
        assertThat(alsoGood.values()).containsExactly(4.0, 5.0);
        assertThat(bad.response().join().statusCode()).isBetween(400, 500);
        assertThat(bad.shipped().outcome()).isIn("INVALID_INPUT", "NODE_FAILED");
        assertThat(good.shipped().outcome()).isEqualTo("OK");
        assertThat(node.registry().report(platform).orElseThrow().reason()).isNull();
    }

    @Test
    void aCallerWhoLeavesTakesNobodyAlong() {
        long before = batches(platform);
        send(platform, "0");
        awaitInFlight(platform, 1);
        Sent leaving = send(platform, "0");
        Sent staying = send(platform, "2");
        awaitInFlight(platform, 3);
        await().until(() -> batches(platform) - before == 2);

        leaving.response().cancel(true);

        assertThat(leaving.shipped().outcome()).isEqualTo("CLIENT_GONE");
        assertThat(staying.values()).containsExactly(4.0, 5.0);
        assertThat(leaving.shipped().computeMicros())
                .isPositive()
                .isLessThan(staying.shipped().computeMicros());
    }

    @Test
    void stopsABatchThatNobodyWaitsFor() {
        long before = batches(platform);
        Sent first = send(platform, "0");
        awaitInFlight(platform, 1);
        Sent one = send(platform, "0");
        Sent other = send(platform, "2");
        awaitInFlight(platform, 3);
        await().until(() -> batches(platform) - before == 2);

        one.response().cancel(true);
        other.response().cancel(true);

        assertThat(one.shipped().outcome()).isEqualTo("CLIENT_GONE");
        assertThat(other.shipped().outcome()).isEqualTo("CLIENT_GONE");
        assertThat(one.shipped().computeMicros() + other.shipped().computeMicros())
                .as("it was not computed to its end")
                .isLessThan(first.shipped().computeMicros());
    }

    @Test
    void keepsTenantsApartInTheModelOfATenant() {
        PlacementOrder model = deploy(false, TinyOnnx.slowLookup(TRIPS));
        UUID tenant = UUID.randomUUID();
        send(model, tenant, "0");
        awaitInFlight(model, 1);

        List<Sent> own = List.of(send(model, tenant, "1"), send(model, tenant, "2"));
        Sent foreign = send(model, "3");
        awaitInFlight(model, 4);

        assertThat(foreign.values()).containsExactly(6.0, 7.0);
        assertThat(own.get(0).values()).containsExactly(2.0, 3.0);
        assertThat(own.get(1).values()).containsExactly(4.0, 5.0);
        assertThat(batches(model)).isEqualTo(3);
        node.registry().remove(model);
    }

    @Test
    void saysWhyAModelComputesOneByOne() {
        PlacementOrder mixing = deploy(true, TinyOnnx.softmaxOverRows());
        PlacementOrder fixed = deploy(true, TinyOnnx.loop());
        PlacementOrder texts = deploy(true, TinyOnnx.identity(TinyOnnx.STRING));

        assertThat(reason(mixing)).contains("one by one").contains("rows beside it");
        assertThat(reason(fixed)).contains("'trips' is not free");
        assertThat(reason(texts)).contains("'x' is not free");
        assertThat(reason(deploy(true, TinyOnnx.identity(TinyOnnx.FLOAT)))).isNull();
    }

    @Test
    void findsOutLaterThatAModelsRowsAreNotWhatTheySeemed() {
        PlacementOrder model = deploy(true, TinyOnnx.zeroForEachNonZero());
        assertThat(reason(model)).isNull();

        await().until(() -> {
            List<Sent> burst =
                    IntStream.range(0, 16).mapToObj(i -> sendFloat(model, i % 2)).toList();
            for (int i = 0; i < burst.size(); i++) {
                assertThat(burst.get(i).values()).hasSize(i % 2);
            }
            return reason(model) != null;
        });

        assertThat(reason(model)).contains("fine one by one");
    }

    @Test
    void embedsTextsOfManyCallersTogetherAsItDoesAlone() throws Exception {
        PlacementOrder model = deployMiniLm();
        List<String> texts =
                IntStream.range(0, 12)
                        .mapToObj(i -> "A cat sleeps on the mat. ".repeat(1 + i % 5) + i)
                        .toList();
        List<double[]> alone = new ArrayList<>();
        List<Long> tokens = new ArrayList<>();
        for (String text : texts) {
            Sent sent = embed(model, text);
            alone.add(vector(sent));
            tokens.add(sent.shipped().inputTokens());
        }

        List<Sent> together = texts.stream().map(text -> embed(model, text)).toList();

        for (int i = 0; i < texts.size(); i++) {
            assertThat(vector(together.get(i))).containsExactly(alone.get(i), within(1e-4));
            assertThat(together.get(i).shipped().inputTokens()).isEqualTo(tokens.get(i));
        }
        assertThat(largestBatch(model)).isGreaterThan(1);
        node.registry().remove(model);
    }

    @Test
    void tellsOperatorsOfItsQueues() {
        PlacementOrder model = deploy(true, TinyOnnx.slowLookup(1));
        UUID tenant = UUID.randomUUID();

        send(model, tenant, "1").values();

        MeterRegistry meters = node.bean(MeterRegistry.class);
        String name = model.model().toString();
        for (String timer : List.of("atrium.node.queue.time", "atrium.node.compute.time")) {
            assertThat(
                            meters.get(timer)
                                    .tags("model", name, "tenant", tenant.toString())
                                    .timer()
                                    .count())
                    .isEqualTo(1);
        }
        assertThat(meters.get("atrium.node.instances").tag("model", name).gauge().value())
                .isEqualTo(1);
        assertThat(meters.get("atrium.node.loads").tag("model", name).counter().count())
                .isEqualTo(1);
        assertThat(meters.get("atrium.node.model.memory").tag("model", name).gauge().value())
                .isPositive();
    }

    /** A call under way. */
    private record Sent(Grant grant, CompletableFuture<HttpResponse<byte[]>> response) {
        List<Double> values() {
            HttpResponse<byte[]> answer = response.join();
            String body = new String(answer.body());
            assertThat(answer.statusCode()).as(body).isEqualTo(200);
            JsonNode outputs = JsonMapper.shared().readTree(body).get("outputs");
            return TestModels.numbers(outputs.get(0).get("data"));
        }

        NodeUsageRecord shipped() {
            return await().until(() -> node.registry().usageOf(grant), Optional::isPresent)
                    .orElseThrow();
        }
    }

    private static Sent send(PlacementOrder model, String ids) {
        return send(model, UUID.randomUUID(), ids);
    }

    private static Sent send(PlacementOrder model, UUID tenant, String ids) {
        int count = ids.split(",").length;
        String body =
                """
                {"inputs":[{"name":"ids","datatype":"INT64","shape":[%d],"data":[%s]}]}
                """
                        .formatted(count, ids);
        return send(model, NodeProtocol.INFER, Operation.INFER, tenant, body);
    }

    private static Sent sendFloat(PlacementOrder model, int value) {
        String body =
                """
                {"inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":[%d]}]}
                """
                        .formatted(value);
        return send(model, NodeProtocol.INFER, Operation.INFER, UUID.randomUUID(), body);
    }

    private static Sent embed(PlacementOrder model, String text) {
        String body = JsonMapper.shared().writeValueAsString(new EmbedRequest(List.of(text)));
        return send(model, NodeProtocol.EMBED, Operation.EMBEDDINGS, UUID.randomUUID(), body);
    }

    private static Sent send(
            PlacementOrder model, String path, Operation operation, UUID tenant, String body) {
        Grant grant = Grants.forTenant(node.registry().grant(model, operation), tenant);
        return new Sent(
                grant,
                node.sendAsync(
                        path,
                        grant,
                        node.registry().sign(grant),
                        body,
                        HttpResponse.BodyHandlers.ofByteArray()));
    }

    private static double[] vector(Sent sent) {
        HttpResponse<byte[]> answer = sent.response().join();
        assertThat(answer.statusCode()).isEqualTo(200);
        var floats =
                java.nio.ByteBuffer.wrap(answer.body())
                        .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                        .asFloatBuffer();
        return IntStream.range(0, floats.limit()).mapToDouble(floats::get).toArray();
    }

    private static PlacementOrder deploy(boolean platformOwned, byte[] content) {
        return place(
                Task.TENSORS, platformOwned, List.of(node.registry().store("model.onnx", content)));
    }

    private static PlacementOrder deployMiniLm() throws Exception {
        List<ModelFile> files = new ArrayList<>();
        try (var model = BatchingIT.class.getResourceAsStream("/all-minilm-l6-v2.onnx");
                var tokenizer =
                        BatchingIT.class.getResourceAsStream("/all-minilm-l6-v2-tokenizer.json")) {
            files.add(node.registry().store("model.onnx", model.readAllBytes()));
            files.add(node.registry().store("tokenizer.json", tokenizer.readAllBytes()));
        }
        return place(Task.TEXT_EMBEDDING, true, files);
    }

    private static PlacementOrder place(Task task, boolean platformOwned, List<ModelFile> files) {
        PlacementOrder order =
                node.registry()
                        .place(
                                Framework.ONNX,
                                task,
                                Signature.UNKNOWN,
                                VersionSettings.DEFAULT,
                                platformOwned,
                                files);
        node.awaitReady(order);
        return order;
    }

    private static String reason(PlacementOrder order) {
        return node.registry().report(order).orElseThrow().reason();
    }

    private static void awaitInFlight(PlacementOrder model, int calls) {
        await().pollInterval(Duration.ofMillis(10)).until(() -> hosted(model).inFlight() == calls);
    }

    private static HostedModel hosted(PlacementOrder order) {
        return node.bean(Replicas.class)
                .find(order.versionId())
                .orElseThrow()
                .serving()
                .orElseThrow();
    }

    private static long batches(PlacementOrder model) {
        return node.bean(MeterRegistry.class)
                .get("atrium.node.batch.calls")
                .tag("model", model.model().toString())
                .summary()
                .count();
    }

    private static double largestBatch(PlacementOrder model) {
        return node.bean(MeterRegistry.class)
                .get("atrium.node.batch.calls")
                .tag("model", model.model().toString())
                .summary()
                .max();
    }
}
