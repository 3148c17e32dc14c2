package dev.atrium.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.node.api.NodeProtocol;
import dev.atrium.node.testing.Bystander;
import dev.atrium.node.testing.FakeRegistry;
import dev.atrium.node.testing.HostileWeights;
import dev.atrium.node.testing.Oip;
import dev.atrium.node.testing.RunningNode;
import dev.atrium.node.testing.TestModels;
import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.VersionSettings;
import dev.atrium.registry.api.deployment.ReplicaState;
import dev.atrium.registry.api.node.PlacementOrder;
import dev.atrium.registry.api.node.ReplicaReport;
import dev.atrium.registry.api.usage.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files of weights that mean harm, on a live node that was told to load them though no registry
 * would have taken them: each ends as FAILED or is a model like others, its worker at most, and
 * another tenant's calls go on.
 */
class HostileWeightsIT {
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final int AT_ONCE = 4;
    private static final String SECRET = "what no model may see";
    private static final String IRIS =
            Oip.request("1", TestModels.expected("iris.onnx").get("inputs"));
    private static final String GREETING =
            "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"maxTokens\":4,\"stop\":[]}";
    private static final RunningNode NODE =
            RunningNode.start(
                    FakeRegistry.start(),
                    "ATRIUM_NODE_WORKER_MEMORY=1GB",
                    "atrium.node.model.max-deaths=1",
                    "atrium.node.worker.load-timeout=20s");

    @TempDir private Path outside;
    private Path secret;

    @BeforeEach
    void hideASecret() throws IOException {
        secret = Files.writeString(outside.resolve("secret"), SECRET);
    }

    @AfterEach
    void nobodyTouchedTheSecret() throws IOException {
        assertThat(secret).hasContent(SECRET);
        assertThat(Files.list(outside)).containsExactly(secret);
    }

    @Test
    void ggufFilesThatLieHarmNobody() {
        Map<String, byte[]> files = HostileWeights.ofGguf(TestModels.demo("tiny-chat.gguf"));

        Map<String, ReplicaReport> ends = outlived(files, Framework.GGUF, "model.gguf");

        assertThat(ends.values())
                .allMatch(end -> end.state() == ReplicaState.READY || hasReason(end));
        assertThat(ends.values().stream().filter(end -> end.state() == ReplicaState.FAILED))
                .as("most lies are found out")
                .hasSizeGreaterThan(files.size() / 2);
    }

    @Test
    void theOwnerReadsWhatTheLibrarySaidBeforeItAborted() {
        byte[] aborts =
                HostileWeights.ofGguf(TestModels.demo("tiny-chat.gguf")).get("llama.block_count 0");

        PlacementOrder order = place(Framework.GGUF, "model.gguf", aborts);

        assertThat(NODE.awaitFailed(order).reason())
                .startsWith("the worker was ended by SIGABRT while loading or warming up: ")
                .endsWith("fatal error")
                .doesNotContain("/")
                .matches("\\p{Print}+")
                .hasSizeLessThan(2_600);
        NODE.registry().remove(order);
    }

    @Test
    void safetensorsFilesAreNoModels() {
        Map<String, ReplicaReport> ends =
                outlived(HostileWeights.ofSafetensors(), Framework.ONNX, "model.onnx");

        assertThat(ends.values())
                .allMatch(end -> end.state() == ReplicaState.FAILED && hasReason(end));
    }

    /** Loads them all, and calls what loads, while a bystander's calls must all succeed. */
    private static Map<String, ReplicaReport> outlived(
            Map<String, byte[]> files, Framework framework, String name) {
        Map<String, ReplicaReport> ends = new LinkedHashMap<>();
        PlacementOrder iris =
                NODE.deploy(Framework.ONNX, "model.onnx", TestModels.demo("iris.onnx"));
        try (Bystander bystander = new Bystander(NODE, iris, IRIS)) {
            Map<String, PlacementOrder> placed = new LinkedHashMap<>();
            files.forEach((what, content) -> {
                placed.put(what, place(framework, name, content));
                if (placed.size() == AT_ONCE) {
                    ends.putAll(ends(placed));
                    placed.clear();
                }
            });
            ends.putAll(ends(placed));
            int before = bystander.calls();
            await().atMost(LONGEST).until(() -> bystander.calls() > before + 2);
            assertThat(bystander.errors()).isEmpty();
        }
        NODE.registry().remove(iris);
        return ends;
    }

    private static Map<String, ReplicaReport> ends(Map<String, PlacementOrder> placed) {
        Map<String, ReplicaReport> ends = new LinkedHashMap<>();
        placed.forEach((what, order) -> ends.put(what, end(what, order)));
        placed.values().forEach(NODE.registry()::remove);
        return ends;
    }

    private static ReplicaReport end(String what, PlacementOrder order) {
        ReplicaReport end =
                await(what)
                        .atMost(LONGEST)
                        .until(
                                () -> NODE.registry().report(order).orElse(null),
                                report -> report != null && isEnd(report.state()));
        if (end.state() == ReplicaState.READY && order.framework() == Framework.GGUF) {
            // Whatever it says: it may be nonsense, and it may cost the worker.
            NODE.send(NodeProtocol.CHAT, NODE.registry().grant(order, Operation.CHAT), GREETING);
        }
        return end;
    }

    private static boolean isEnd(ReplicaState state) {
        return state == ReplicaState.READY || state == ReplicaState.FAILED;
    }

    private static boolean hasReason(ReplicaReport end) {
        return end.reason() != null && !end.reason().isBlank();
    }

    private static PlacementOrder place(Framework framework, String name, byte[] content) {
        return NODE.registry()
                .place(
                        framework,
                        framework == Framework.GGUF ? Task.TEXT_GENERATION : Task.TENSORS,
                        VersionSettings.DEFAULT,
                        List.of(NODE.registry().store(name, content)));
    }
}
