package dev.atrium.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.node.api.Grant;
import dev.atrium.node.api.NodeProtocol;
import dev.atrium.node.model.Replicas;
import dev.atrium.node.testing.Grants;
import dev.atrium.node.testing.Oip;
import dev.atrium.node.testing.RunningNode;
import dev.atrium.node.testing.TestModels;
import dev.atrium.node.testing.TinyOnnx;
import dev.atrium.node.testing.TinyTorch;
import dev.atrium.node.worker.HostedModel;
import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.VersionSettings;
import dev.atrium.registry.api.node.PlacementOrder;
import dev.atrium.registry.api.usage.NodeUsageRecord;
import dev.atrium.registry.api.usage.Operation;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models that crash, hang or are none, and what is left of the node afterwards. */
class WorkerFaultsIT {
    private static final RunningNode NODE = RunningNode.shared();
    private static final String IRIS =
            Oip.request("1", TestModels.expected("iris.onnx").get("inputs"));
    private static final String ENDLESS =
            """
            {"inputs":[
              {"name":"trips","datatype":"INT64","shape":[],"data":[4611686018427387904]},
              {"name":"x","datatype":"FP32","shape":[1],"data":[1]}]}
            """;
    private static final String SHORT = ENDLESS.replace("4611686018427387904", "3");

    @Test
    void aKilledWorkerIsReplacedWithinSeconds() {
        PlacementOrder iris =
                NODE.deploy(Framework.ONNX, "model.onnx", TestModels.demo("iris.onnx"));
        long killed = pid(iris);

        ProcessHandle.of(killed).orElseThrow().destroyForcibly();

        await().atMost(Duration.ofSeconds(10))
                .until(() -> NODE.infer(iris, IRIS).statusCode() == 200 && pid(iris) != killed);
        assertThat(
                        NODE.bean(MeterRegistry.class)
                                .get("atrium.node.restarts")
                                .tag("model", iris.model().toString())
                                .counter()
                                .count())
                .isEqualTo(1);
    }

    @Test
    void aKilledWorkerIsReplacedWhileEveryCommonThreadIsBusy() {
        PlacementOrder iris =
                NODE.deploy(Framework.ONNX, "model.onnx", TestModels.demo("iris.onnx"));
        long killed = pid(iris);
        CountDownLatch over = new CountDownLatch(1);
        IntStream.range(0, ForkJoinPool.getCommonPoolParallelism())
                .forEach(i -> ForkJoinPool.commonPool().execute(() -> awaitQuietly(over)));
        try {
            ProcessHandle.of(killed).orElseThrow().destroyForcibly();

            await().atMost(Duration.ofSeconds(10))
                    .until(() -> NODE.infer(iris, IRIS).statusCode() == 200 && pid(iris) != killed);
        } finally {
            over.countDown();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void callsInFlightFailWhenTheirWorkerIsKilledAndAreBilledUntilThen() {
        PlacementOrder loop = NODE.deploy(Framework.ONNX, "model.onnx", TinyOnnx.loop());
        Grant grant = NODE.registry().grant(loop, Operation.INFER);
        CompletableFuture<HttpResponse<String>> call =
                CompletableFuture.supplyAsync(() -> NODE.send(NodeProtocol.INFER, grant, ENDLESS));
        await().until(() -> hosted(loop).inFlight() == 1);

        ProcessHandle.of(pid(loop)).orElseThrow().destroyForcibly();

        HttpResponse<String> response = call.join();
        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(Oip.read(response).get("code").asString()).isEqualTo("model_failed");
        assertThat(response.headers().firstValue(NodeProtocol.USAGE_HEADER)).isPresent();
        NodeUsageRecord shipped = shipped(grant);
        assertThat(shipped.outcome()).isEqualTo("NODE_FAILED");
        assertThat(shipped.computeMicros()).isPositive();
        assertThat(shipped.energy()).as("of a process that is gone").isNull();
        NODE.awaitReady(loop);
        NODE.registry().remove(loop);
    }

    @Test
    void anOnnxComputationIsStoppedAtTheDeadlineWithoutKillingItsWorker() {
        PlacementOrder loop = NODE.deploy(Framework.ONNX, "model.onnx", TinyOnnx.loop());
        long pid = pid(loop);
        Grant grant = Grants.withDeadline(NODE.registry().grant(loop, Operation.INFER), 300);

        HttpResponse<String> response = NODE.send(NodeProtocol.INFER, grant, ENDLESS);

        assertThat(response.statusCode()).isEqualTo(504);
        assertThat(Oip.read(response).get("code").asString()).isEqualTo("deadline_exceeded");
        assertThat(shipped(grant).outcome()).isEqualTo("DEADLINE_EXCEEDED");
        assertThat(shipped(grant).computeMicros()).isGreaterThan(50_000);
        assertThat(shipped(grant).energy().microjoules())
                .as("several milliseconds of a core")
                .isGreaterThan(5_000 * 7);
        assertThat(NODE.infer(loop, SHORT).statusCode()).isEqualTo(200);
        assertThat(pid(loop)).isEqualTo(pid);
        NODE.registry().remove(loop);
    }

    @Test
    void aCallerWhoGoesAwayStopsTheComputation() {
        PlacementOrder loop = NODE.deploy(Framework.ONNX, "model.onnx", TinyOnnx.loop());
        Grant grant = NODE.registry().grant(loop, Operation.INFER);
        var call = NODE.sendAsync(NodeProtocol.INFER, grant, NODE.registry().sign(grant), ENDLESS);
        await().until(() -> hosted(loop).inFlight() == 1);

        call.cancel(true);

        await().atMost(Duration.ofSeconds(1)).until(() -> hosted(loop).inFlight() == 0);
        assertThat(shipped(grant).outcome()).isEqualTo("CLIENT_GONE");
        NODE.registry().remove(loop);
    }

    @Test
    void aTorchScriptThatNeverReturnsIsKilledAfterTheDeadlineAndComesBack() {
        PlacementOrder endless =
                NODE.deploy(Framework.TORCHSCRIPT, "model.pt", TinyTorch.endlessForPositiveSums());
        long pid = pid(endless);
        Grant grant = Grants.withDeadline(NODE.registry().grant(endless, Operation.INFER), 300);

        HttpResponse<String> response = NODE.send(NodeProtocol.INFER, grant, series(1));

        assertThat(response.statusCode()).isEqualTo(504);
        await().atMost(Duration.ofSeconds(8))
                .until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
        assertThat(shipped(grant).outcome()).isEqualTo("DEADLINE_EXCEEDED");
        await().atMost(Duration.ofSeconds(10))
                .until(() -> NODE.infer(endless, series(-1)).statusCode() == 200);
        NODE.registry().remove(endless);
    }

    @Test
    void aModelThatKillsItsReaderThreeTimesEndsAsFailedAndTheNodeLives() {
        PlacementOrder killer =
                place(Framework.TORCHSCRIPT, "model.pt", TinyTorch.killsItsReader());

        var report = NODE.awaitFailed(killer);

        assertThat(report.reason()).contains("SIGSEGV").contains("loading").doesNotContain("/");
        NODE.registry().remove(killer);
        await().until(() -> NODE.registry().report(killer).isEmpty());
    }

    @ParameterizedTest
    @CsvSource({
        "ONNX, model.onnx, truncated.onnx",
        "ONNX, model.onnx, html.onnx",
        "ONNX, model.onnx, empty.onnx",
        "ONNX, model.onnx, external-data.onnx",
        "TORCHSCRIPT, model.pt, pickle.pt",
        "TORCHSCRIPT, model.pt, pickle-in-torchscript.pt",
        "GGUF, model.gguf, bad-lengths.gguf"
    })
    void whatIsNoModelEndsAsFailedWithAReasonWithoutPaths(
            Framework framework, String name, String hostile) {
        PlacementOrder order =
                NODE.registry()
                        .place(
                                framework,
                                framework == Framework.GGUF ? Task.TEXT_GENERATION : Task.TENSORS,
                                VersionSettings.DEFAULT,
                                List.of(NODE.registry().store(name, TestModels.hostile(hostile))));

        var report = NODE.awaitFailed(order);

        assertThat(report.reason()).isNotBlank().doesNotContain("/").doesNotContain("Exception");
        NODE.registry().remove(order);
    }

    @Test
    void whatIsNotWantedAnyMoreIsDrainedAndItsProcessEnds() {
        PlacementOrder iris =
                NODE.deploy(Framework.ONNX, "model.onnx", TestModels.demo("iris.onnx"));
        ProcessHandle worker = ProcessHandle.of(pid(iris)).orElseThrow();

        NODE.registry().remove(iris);

        await().atMost(Duration.ofSeconds(10)).until(() -> !worker.isAlive());
        assertThat(NODE.infer(iris, IRIS).statusCode()).isEqualTo(404);
    }

    @Test
    void tenantVersionsHaveAProcessEachAndNoSecrets() throws Exception {
        PlacementOrder one =
                NODE.deploy(Framework.ONNX, "model.onnx", TestModels.demo("iris.onnx"));
        PlacementOrder other =
                NODE.deploy(Framework.ONNX, "model.onnx", TestModels.demo("iris.onnx"));

        assertThat(pid(one)).isNotEqualTo(pid(other));
        String environment =
                java.nio.file.Files.readString(
                        java.nio.file.Path.of("/proc/" + pid(one) + "/environ"));
        assertThat(environment.split("\0"))
                .noneMatch(entry -> entry.contains("TOKEN") || entry.startsWith("ATRIUM"));
        NODE.registry().remove(one);
        NODE.registry().remove(other);
    }

    @Test
    void versionsOfThePlatformShareAProcessThatNoTenantIsIn() {
        PlacementOrder one = placePlatform();
        PlacementOrder other = placePlatform();
        PlacementOrder tenant =
                NODE.deploy(Framework.ONNX, "model.onnx", TestModels.demo("iris.onnx"));
        NODE.awaitReady(one);
        NODE.awaitReady(other);

        assertThat(pid(one)).isPositive().isEqualTo(pid(other)).isNotEqualTo(pid(tenant));
        assertThat(pid(one)).isNotEqualTo(ProcessHandle.current().pid());
        List.of(one, other, tenant)
                .forEach(order -> {
                    assertThat(NODE.infer(order, IRIS).statusCode()).isEqualTo(200);
                    NODE.registry().remove(order);
                });
    }

    private static PlacementOrder placePlatform() {
        return NODE.registry()
                .place(
                        Framework.ONNX,
                        Task.TENSORS,
                        Signature.UNKNOWN,
                        VersionSettings.DEFAULT,
                        true,
                        List.of(NODE.registry().store("model.onnx", TestModels.demo("iris.onnx"))));
    }

    private static String series(int sign) {
        return """
        {"inputs":[{"name":"series","datatype":"FP32","shape":[2],"data":[%d,%d]}]}
        """
                .formatted(sign, sign);
    }

    private static PlacementOrder place(Framework framework, String name, byte[] content) {
        return NODE.registry()
                .place(
                        framework,
                        Task.TENSORS,
                        VersionSettings.DEFAULT,
                        List.of(NODE.registry().store(name, content)));
    }

    private static HostedModel hosted(PlacementOrder order) {
        return NODE.bean(Replicas.class)
                .find(order.versionId())
                .orElseThrow()
                .serving()
                .orElseThrow();
    }

    private static long pid(PlacementOrder order) {
        return NODE.bean(Replicas.class)
                .find(order.versionId())
                .flatMap(replica -> replica.serving())
                .map(HostedModel::pid)
                .orElse(-1L);
    }

    private static NodeUsageRecord shipped(Grant grant) {
        return await().until(() -> NODE.registry().usageOf(grant), Optional::isPresent)
                .orElseThrow();
    }
}
