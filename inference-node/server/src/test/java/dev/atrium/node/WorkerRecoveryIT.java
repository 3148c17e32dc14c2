package dev.atrium.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.node.api.NodeProtocol;
import dev.atrium.node.model.Replicas;
import dev.atrium.node.testing.Oip;
import dev.atrium.node.testing.RunningNode;
import dev.atrium.node.testing.TestModels;
import dev.atrium.node.worker.HostedModel;
import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.catalog.ModelFile;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.VersionSettings;
import dev.atrium.registry.api.node.PlacementOrder;
import dev.atrium.registry.api.usage.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** How long a model is away whose worker is killed; the figures are printed. */
class WorkerRecoveryIT {
    private static final RunningNode NODE = RunningNode.shared();
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(5);
    private static final int KILLS = 7;
    private static final String IRIS =
            Oip.request("1", TestModels.expected("iris.onnx").get("inputs"));
    private static final String SERIES =
            Oip.request("1", TestModels.expected("moving-average.pt").get("inputs"));
    private static final String GREETING =
            "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"maxTokens\":2,\"stop\":[]}";

    @Test
    void anOnnxModelComesBack() {
        recovers(
                "ONNX",
                Task.TENSORS,
                Framework.ONNX,
                NODE.registry().store("model.onnx", TestModels.demo("iris.onnx")),
                iris -> NODE.infer(iris, IRIS).statusCode() == 200);
    }

    @Test
    void aTorchScriptModelComesBack() {
        recovers(
                "TorchScript",
                Task.TENSORS,
                Framework.TORCHSCRIPT,
                NODE.registry().store("model.pt", TestModels.demo("moving-average.pt")),
                series -> NODE.infer(series, SERIES).statusCode() == 200);
    }

    @Test
    void aLanguageModelComesBack() {
        recovers(
                "GGUF",
                Task.TEXT_GENERATION,
                Framework.GGUF,
                NODE.registry().store("model.gguf", TestModels.demo("tiny-chat.gguf")),
                chat ->
                        NODE.send(
                                                NodeProtocol.CHAT,
                                                NODE.registry().grant(chat, Operation.CHAT),
                                                GREETING)
                                        .statusCode()
                                == 200);
    }

    /** Each time a copy of its own: the second worker of one that dies again waits a little. */
    private static void recovers(
            String what,
            Task task,
            Framework framework,
            ModelFile file,
            Predicate<PlacementOrder> isBack) {
        List<Long> millis = new ArrayList<>();
        for (int i = 0; i < KILLS; i++) {
            PlacementOrder order =
                    NODE.registry().place(framework, task, VersionSettings.DEFAULT, List.of(file));
            NODE.awaitReady(order);
            long killed = pid(order).orElseThrow();
            long since = System.nanoTime();
            ProcessHandle.of(killed).orElseThrow().destroyForcibly();
            await(what)
                    .atMost(LONGEST)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(POLL)
                    .until(() ->
                            pid(order).filter(pid -> pid != killed).isPresent()
                                    && isBack.test(order));
            millis.add(Duration.ofNanos(System.nanoTime() - since).toMillis());
            NODE.registry().remove(order);
        }
        Collections.sort(millis);
        System.out.printf(
                "recovery of a killed worker, %s: median %d ms, worst %d ms of %d%n",
                what, millis.get(KILLS / 2), millis.getLast(), KILLS);
        assertThat(millis.getLast()).isLessThan(LONGEST.toMillis());
    }

    private static Optional<Long> pid(PlacementOrder order) {
        return NODE.bean(Replicas.class)
                .find(order.versionId())
                .flatMap(replica -> replica.serving())
                .map(HostedModel::pid);
    }
}
