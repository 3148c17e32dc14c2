package dev.atrium.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.node.api.Grant;
import dev.atrium.node.api.NodeProtocol;
import dev.atrium.node.model.Replicas;
import dev.atrium.node.testing.FakeRegistry;
import dev.atrium.node.testing.Oip;
import dev.atrium.node.testing.RunningNode;
import dev.atrium.node.testing.TestModels;
import dev.atrium.node.testing.TinyOnnx;
import dev.atrium.node.worker.HostedModel;
import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.deployment.Batching;
import dev.atrium.registry.api.deployment.Execution;
import dev.atrium.registry.api.deployment.ReplicaState;
import dev.atrium.registry.api.node.PlacementOrder;
import dev.atrium.registry.api.usage.Operation;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Threads, instances, devices and batches as deployments ask for them, on a node that has a GPU on
 * paper.
 */
class ExecutionIT {
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final Execution NO_BATCHES =
            new Execution(null, null, null, null, new Batching(false, null, null, null, null));
    private static final String IRIS =
            Oip.request("1", TestModels.expected("iris.onnx").get("inputs"));
    private static RunningNode node;

    @BeforeAll
    static void start() {
        node =
                RunningNode.start(
                        FakeRegistry.start(),
                        "atrium.node.worker.threads=1",
                        "atrium.node.worker.parallel=1",
                        "atrium.node.worker.gpus=1");
    }

    @Test
    void computesAsManyCallsAtTheSameTimeAsThereAreInstances() {
        PlacementOrder one = deploy(TinyOnnx.loop(), NO_BATCHES);
        PlacementOrder two = deploy(TinyOnnx.loop(), NO_BATCHES.with(instances(2)));
        List<CompletableFuture<?>> calls = new ArrayList<>();

        for (PlacementOrder model : List.of(one, two)) {
            IntStream.range(0, 3).forEach(i -> calls.add(endless(model)));
            awaitInFlight(model, 3);
        }

        await().until(() -> batches(two) == 2);
        await().untilAsserted(() -> assertThat(computingThreads(pid(two))).isEqualTo(2));
        await().untilAsserted(() -> assertThat(computingThreads(pid(one))).isEqualTo(1));
        assertThat(batches(one)).isEqualTo(1);
        calls.forEach(call -> call.cancel(true));
        List.of(one, two).forEach(node.registry()::remove);
    }

    @Test
    void givesEachInstanceOfAnOnnxModelThreadsOfItsOwn() {
        PlacementOrder one = deploy(TestModels.demo("iris.onnx"), Execution.DEFAULT);
        PlacementOrder four = deploy(TestModels.demo("iris.onnx"), threads(4));
        PlacementOrder copies = deploy(TestModels.demo("iris.onnx"), threads(4).with(instances(2)));

        assertThat(engineThreads(pid(one))).isZero();
        assertThat(engineThreads(pid(four))).isEqualTo(3);
        assertThat(engineThreads(pid(copies))).isEqualTo(6);
        for (PlacementOrder each : List.of(one, four, copies)) {
            Oip.assertOutputs(
                    Oip.ok(node.infer(each, IRIS)),
                    TestModels.expected("iris.onnx").get("outputs"),
                    1e-5);
            node.registry().remove(each);
        }
    }

    @Test
    void givesPyTorchTheThreadsOfTheDeployment() throws IOException {
        PlacementOrder model =
                deploy(
                        Framework.TORCHSCRIPT,
                        "model.pt",
                        TestModels.demo("moving-average.pt"),
                        threads(3));

        String environment = Files.readString(Path.of("/proc/" + pid(model) + "/environ"));

        assertThat(environment).contains("OMP_NUM_THREADS=3\0");
        assertThat(
                        node.infer(
                                        model,
                                        Oip.request(
                                                "1",
                                                TestModels.expected("moving-average.pt")
                                                        .get("inputs")))
                                .statusCode())
                .isEqualTo(200);
        node.registry().remove(model);
    }

    @Test
    void changesBatchesWithoutLoadingTheModelAgain() {
        PlacementOrder model = deploy(TinyOnnx.slowLookup(1), Execution.DEFAULT);
        long worker = pid(model);
        assertThat(batchesOf(model, 24)).isLessThan(24);

        node.registry().setExecution(model, NO_BATCHES);

        await().until(() -> batchesOf(model, 24) == 24);
        assertThat(pid(model)).isEqualTo(worker);
        node.registry().setExecution(model, Execution.DEFAULT);
        await().until(() -> batchesOf(model, 24) < 24);
        assertThat(pid(model)).isEqualTo(worker);
        node.registry().remove(model);
    }

    @Test
    void loadsBesideTheOldWorkerSoThatNoCallFails() {
        PlacementOrder model = deploy(TestModels.demo("iris.onnx"), Execution.DEFAULT);
        long before = pid(model);
        node.registry().setExecution(model, threads(2));

        int calls = 0;
        while (pid(model) == before) {
            HttpResponse<String> answer = node.infer(model, IRIS);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            calls++;
        }

        assertThat(calls).isPositive();
        assertThat(node.infer(model, IRIS).statusCode()).isEqualTo(200);
        await().atMost(LONGEST).until(() -> ProcessHandle.of(before).isEmpty());
        assertThat(node.registry().report(model).orElseThrow().state())
                .isEqualTo(ReplicaState.READY);
        node.registry().remove(model);
    }

    @Test
    void saysThatItLacksADevice() {
        PlacementOrder model = place(TestModels.demo("iris.onnx"), device("GPU:1"));

        assertThat(node.awaitFailed(model).reason())
                .isEqualTo("this node has no GPU:1; it has CPU, GPU:0");
        assertThat(node.registry().lastHeartbeat().capacity().devices())
                .containsExactly("CPU", "GPU:0");
        node.registry().remove(model);
    }

    @Test
    void saysThatAnEngineDoesNotComputeOnTheDevice() {
        PlacementOrder onnx = place(TestModels.demo("iris.onnx"), device("GPU:0"));
        PlacementOrder torch =
                node.registry()
                        .place(
                                Framework.TORCHSCRIPT,
                                "model.pt",
                                TestModels.demo("moving-average.pt"),
                                device("GPU:0"));

        assertThat(node.awaitFailed(onnx).reason())
                .isEqualTo("this node's ONNX Runtime does not compute on GPU:0");
        assertThat(node.awaitFailed(torch).reason())
                .isEqualTo("PyTorch sees 0 GPUs here, so no GPU:0");
        List.of(onnx, torch).forEach(node.registry()::remove);
    }

    @Test
    void goesOnAsBeforeWhereItCannotBeLoadedLikeThat() {
        PlacementOrder model = deploy(TestModels.demo("iris.onnx"), Execution.DEFAULT);
        long worker = pid(model);

        node.registry().setExecution(model, device("GPU:1"));

        await().atMost(LONGEST)
                .untilAsserted(() ->
                        assertThat(reason(model))
                                .isEqualTo(
                                        "goes on with its former settings: this node has no GPU:1; it has CPU, GPU:0"));
        assertThat(node.infer(model, IRIS).statusCode()).isEqualTo(200);
        node.registry().setExecution(model, Execution.DEFAULT);
        await().untilAsserted(() -> assertThat(reason(model)).isNull());
        assertThat(pid(model)).isEqualTo(worker);
        node.registry().remove(model);
    }

    @Test
    void leavesFirstWhereThereIsNoRoomForTwo() {
        PlacementOrder roomy = deploy(TestModels.demo("iris.onnx"), Execution.DEFAULT);
        long one = node.registry().report(roomy).orElseThrow().residentBytes();
        node.registry().remove(roomy);
        RunningNode small =
                RunningNode.start(
                        FakeRegistry.start(),
                        "atrium.node.registration.memory="
                                + (Math.max(one, 97L << 20) * 5 / 4)
                                + "B");
        PlacementOrder model =
                small.deploy(Framework.ONNX, "model.onnx", TestModels.demo("iris.onnx"));

        small.registry().setExecution(model, threads(3));

        await().atMost(LONGEST)
                .until(() -> {
                    boolean serves = hosted(small, model) != null;
                    return serves && engineThreads(hosted(small, model).pid()) == 2;
                });
        assertThat(small.infer(model, IRIS).statusCode()).isEqualTo(200);
        small.registry().remove(model);
    }

    private static Execution threads(int threads) {
        return new Execution(threads, null, null, null, null);
    }

    private static Execution instances(int instances) {
        return new Execution(null, instances, null, null, null);
    }

    private static Execution device(String device) {
        return new Execution(null, null, device, null, null);
    }

    private static PlacementOrder deploy(byte[] onnx, Execution execution) {
        return deploy(Framework.ONNX, "model.onnx", onnx, execution);
    }

    private static PlacementOrder deploy(
            Framework framework, String file, byte[] content, Execution execution) {
        PlacementOrder order = node.registry().place(framework, file, content, execution);
        node.awaitReady(order);
        return order;
    }

    private static PlacementOrder place(byte[] onnx, Execution execution) {
        return node.registry().place(Framework.ONNX, "model.onnx", onnx, execution);
    }

    private static String reason(PlacementOrder model) {
        return node.registry().report(model).orElseThrow().reason();
    }

    /** So many calls at once, and how many batches they became. */
    private static long batchesOf(PlacementOrder model, int calls) {
        long before = batches(model);
        List<CompletableFuture<HttpResponse<String>>> sent =
                IntStream.range(0, calls)
                        .mapToObj(i ->
                                send(
                                        model,
                                        """
                                        {"inputs":[{"name":"ids","datatype":"INT64","shape":[1],"data":[1]}]}
                                        """))
                        .toList();
        sent.forEach(each -> assertThat(each.join().statusCode()).isEqualTo(200));
        return batches(model) - before;
    }

    private static CompletableFuture<HttpResponse<String>> endless(PlacementOrder model) {
        return send(
                model,
                """
                {"inputs":[{"name":"trips","datatype":"INT64","shape":[],"data":[1000000000000]},
                           {"name":"x","datatype":"FP32","shape":[1],"data":[1]}]}
                """);
    }

    private static CompletableFuture<HttpResponse<String>> send(PlacementOrder model, String body) {
        Grant grant = node.registry().grant(model, Operation.INFER);
        return node.sendAsync(NodeProtocol.INFER, grant, node.registry().sign(grant), body);
    }

    private static void awaitInFlight(PlacementOrder model, int calls) {
        await().until(() -> hosted(node, model).inFlight() == calls);
    }

    private static HostedModel hosted(RunningNode on, PlacementOrder order) {
        return on.bean(Replicas.class)
                .find(order.versionId())
                .flatMap(replica -> replica.serving())
                .orElse(null);
    }

    private static long pid(PlacementOrder order) {
        return hosted(node, order).pid();
    }

    private static long batches(PlacementOrder model) {
        return node.bean(MeterRegistry.class)
                .get("atrium.node.batch.calls")
                .tag("model", model.model().toString())
                .summary()
                .count();
    }

    /** Threads of calls that used the processor in a third of a second. */
    private static int computingThreads(long pid) {
        Map<String, Long> before = processorTicks(pid);
        LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
        Map<String, Long> after = processorTicks(pid);
        return (int)
                after.entrySet().stream()
                        .filter(task ->
                                task.getValue() > before.getOrDefault(task.getKey(), 0L) + 2)
                        .count();
    }

    /** Of threads that calls run on, and those that engines started on them. */
    private static Map<String, Long> processorTicks(long pid) {
        Map<String, Long> ticks = new HashMap<>();
        for (Path task : tasks(pid)) {
            String stat = text(task.resolve("stat"));
            if (stat.contains("(call-")) {
                String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
                ticks.put(task.toString(), Long.parseLong(fields[11]) + Long.parseLong(fields[12]));
            }
        }
        return ticks;
    }

    /** Threads that an engine started: they have the name of the thread that loaded the model. */
    private static int engineThreads(long pid) {
        List<String> names =
                tasks(pid).stream()
                        .map(task -> text(task.resolve("comm")))
                        .filter(name -> name.startsWith("call-"))
                        .toList();
        return names.size() - (int) names.stream().distinct().count();
    }

    private static List<Path> tasks(long pid) {
        try (var tasks = Files.list(Path.of("/proc/" + pid + "/task"))) {
            return tasks.toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Empty when the thread has ended meanwhile. */
    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException ended) {
            return "";
        }
    }
}
