package dev.atrium.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.node.api.Grant;
import dev.atrium.node.api.NodeProtocol;
import dev.atrium.node.api.NodeUsage;
import dev.atrium.node.model.Replicas;
import dev.atrium.node.storage.NodeKey;
import dev.atrium.node.testing.Bystander;
import dev.atrium.node.testing.FakeRegistry;
import dev.atrium.node.testing.Oip;
import dev.atrium.node.testing.RunningNode;
import dev.atrium.node.testing.TestModels;
import dev.atrium.node.testing.TinyOnnx;
import dev.atrium.node.worker.HostedModel;
import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.catalog.ModelFile;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.VersionSettings;
import dev.atrium.registry.api.deployment.ReplicaState;
import dev.atrium.registry.api.node.PlacementOrder;
import dev.atrium.registry.api.usage.Operation;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Copies that come and go while they are called, on a node whose cache holds two models. */
class ModelLifeIT {
    private static final Duration DRAIN = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final long TRIALS = 20_000;
    private static final String X =
            """
            {"inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":[1]}]}
            """;
    private static RunningNode node;

    @BeforeAll
    static void start() {
        node =
                RunningNode.start(
                        FakeRegistry.start(),
                        "atrium.node.model.drain-timeout=" + DRAIN.toSeconds() + "s",
                        "atrium.node.model.max-cache=1MB");
    }

    @Test
    void aCallThatRunsOutlivesTheDeploymentItWentTo() {
        PlacementOrder loop = node.deploy(Framework.ONNX, "model.onnx", TinyOnnx.loop());
        long trips = TRIALS * Duration.ofMillis(1_500).toNanos() / nanosOfTrials(loop);
        HostedModel model = model(loop);
        CompletableFuture<HttpResponse<String>> running = begin(loop, trips(trips));
        await().until(() -> model.inFlight() == 1);

        node.registry().remove(loop);

        await().until(() -> isDraining(loop));
        assertThat(node.infer(loop, trips(1)).statusCode()).as("a new one").isEqualTo(503);
        assertThat(running).as("still computed").isNotDone();
        assertThat(running.join().statusCode()).as(running.join().body()).isEqualTo(200);
        await().atMost(LONGEST).until(() -> model.death().isDone());
        await().atMost(LONGEST).until(() -> node.registry().report(loop).isEmpty());
    }

    @Test
    void aCallThatRunsForTooLongIsCutWhenItsDeploymentIsGone() {
        PlacementOrder loop = node.deploy(Framework.ONNX, "model.onnx", TinyOnnx.loop());
        HostedModel model = model(loop);
        CompletableFuture<HttpResponse<String>> running = begin(loop, trips(Long.MAX_VALUE));
        await().until(() -> model.inFlight() == 1);
        long removed = System.nanoTime();

        node.registry().remove(loop);

        HttpResponse<String> answer = running.join();
        assertThat(Duration.ofNanos(System.nanoTime() - removed))
                .as("long before its deadline of 20 s")
                .isBetween(DRAIN, DRAIN.plusSeconds(5));
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).contains("model_failed");
        await().atMost(LONGEST).until(() -> model.death().isDone());
    }

    @Test
    void anotherVersionIsLoadedBesideTheOneThatServesAndTakesItsCallsOver() {
        PlacementOrder first = node.deploy(Framework.ONNX, "model.onnx", identity());
        AtomicReference<PlacementOrder> alias = new AtomicReference<>(first);
        List<Bystander> callers = Stream.generate(() -> caller(alias)).limit(4).toList();
        awaitCalls(callers);
        int before = calls(callers);

        PlacementOrder second = node.deploy(Framework.ONNX, "model.onnx", TinyOnnx.toHalf());
        int whileItWasLoaded = calls(callers) - before;
        alias.set(second);
        awaitCalls(callers);
        node.registry().remove(first);
        await().atMost(LONGEST).until(() -> node.registry().report(first).isEmpty());
        awaitCalls(callers);

        callers.forEach(Bystander::close);
        assertThat(callers).allSatisfy(each -> assertThat(each.errors()).isEmpty());
        assertThat(whileItWasLoaded).isGreaterThan(20);
        assertThat(node.infer(second, X).body()).contains("FP16");
        assertThat(node.infer(first, X).statusCode()).isEqualTo(404);
        node.registry().remove(second);
    }

    @Test
    void ofMoreModelsThanTheCacheHoldsTheOneUnusedForTheLongestGoes() {
        ModelFile first = fashion('a');
        ModelFile second = fashion('b');
        ModelFile third = fashion('c');
        comeAndGo(first);
        comeAndGo(second);
        comeAndGo(first);
        int fetched = node.registry().fetches();

        PlacementOrder serving = place(third);
        node.awaitReady(serving);

        assertThat(node.registry().fetches()).isEqualTo(fetched + 1);
        assertThat(cached(second)).as("longest unused").doesNotExist();
        assertThat(cached(first)).as("loaded later").exists();
        assertServes(serving);
        comeAndGo(second);
        assertThat(node.registry().fetches()).as("the second again").isEqualTo(fetched + 2);
        assertThat(cached(first)).doesNotExist();
        assertThat(cached(third)).as("placed").exists();
        assertServes(serving);
        node.registry().remove(serving);
    }

    private static boolean isDraining(PlacementOrder order) {
        return node.registry()
                .report(order)
                .filter(report -> report.state() == ReplicaState.DRAINING)
                .isPresent();
    }

    private static void comeAndGo(ModelFile file) {
        PlacementOrder order = place(file);
        node.awaitReady(order);
        assertServes(order);
        node.registry().remove(order);
        await().atMost(LONGEST).until(() -> node.registry().report(order).isEmpty());
    }

    private static void assertServes(PlacementOrder fashion) {
        assertThat(
                        node.infer(
                                        fashion,
                                        Oip.request(
                                                "1",
                                                TestModels.expected("fashion-mnist.onnx")
                                                        .get("inputs")))
                                .statusCode())
                .isEqualTo(200);
    }

    private static PlacementOrder place(ModelFile file) {
        return node.registry()
                .place(Framework.ONNX, Task.TENSORS, VersionSettings.DEFAULT, List.of(file));
    }

    /** 395 KB, each with another digest. */
    private static ModelFile fashion(char salt) {
        return node.registry()
                .store(
                        "model.onnx",
                        TestModels.documented("fashion-mnist.onnx", Character.toString(salt)));
    }

    private static Path cached(ModelFile file) {
        return node.data()
                .resolve("models")
                .resolve(file.sha256().substring(0, 2))
                .resolve(file.sha256() + "-" + node.bean(NodeKey.class).id());
    }

    private static Bystander caller(AtomicReference<PlacementOrder> alias) {
        return new Bystander(() -> node.infer(alias.get(), X), answer -> "");
    }

    private static int calls(List<Bystander> callers) {
        return callers.stream().mapToInt(Bystander::calls).sum();
    }

    /** Two of each at least: of the first one nobody knows when it began. */
    private static void awaitCalls(List<Bystander> callers) {
        List<Integer> before = callers.stream().map(Bystander::calls).toList();
        await().atMost(LONGEST)
                .until(() -> {
                    for (int i = 0; i < callers.size(); i++) {
                        if (callers.get(i).calls() < before.get(i) + 2) {
                            return false;
                        }
                    }
                    return true;
                });
    }

    private static byte[] identity() {
        return TinyOnnx.identity(TinyOnnx.FLOAT);
    }

    private static long nanosOfTrials(PlacementOrder loop) {
        node.infer(loop, trips(TRIALS));
        HttpResponse<String> answer = node.infer(loop, trips(TRIALS));
        String usage = answer.headers().firstValue(NodeProtocol.USAGE_HEADER).orElseThrow();
        return 1_000
                * JsonMapper.builder().build().readValue(usage, NodeUsage.class).computeMicros();
    }

    private static CompletableFuture<HttpResponse<String>> begin(
            PlacementOrder order, String body) {
        Grant grant = node.registry().grant(order, Operation.INFER);
        return node.sendAsync(NodeProtocol.INFER, grant, node.registry().sign(grant), body);
    }

    private static String trips(long trips) {
        return """
        {"inputs":[
          {"name":"trips","datatype":"INT64","shape":[],"data":[%d]},
          {"name":"x","datatype":"FP32","shape":[1],"data":[1]}]}
        """
                .formatted(trips);
    }

    private static HostedModel model(PlacementOrder order) {
        return node.bean(Replicas.class)
                .find(order.versionId())
                .flatMap(replica -> replica.serving())
                .orElseThrow();
    }
}
