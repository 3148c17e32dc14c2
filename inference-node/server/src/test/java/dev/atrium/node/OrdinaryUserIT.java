package dev.atrium.node;

import static java.util.Locale.ROOT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.node.api.NodeProtocol;
import dev.atrium.node.testing.FakeRegistry;
import dev.atrium.node.testing.HostileModels;
import dev.atrium.node.testing.NodeProcess;
import dev.atrium.node.testing.Oip;
import dev.atrium.node.testing.TestModels;
import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.VersionSettings;
import dev.atrium.registry.api.deployment.ReplicaState;
import dev.atrium.registry.api.node.PlacementOrder;
import dev.atrium.registry.api.node.ReplicaReport;
import dev.atrium.registry.api.node.WallLevel;
import dev.atrium.registry.api.usage.Operation;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A node without any rights walls its workers and bounds their memory all the same; where nothing
 * can stand around them it runs no programs of tenants.
 */
class OrdinaryUserIT {
    private static final Duration START = Duration.ofSeconds(120);
    private static final String SECRET = "what no model may see";
    private static final String SERIES =
            """
            {"inputs":[{"name":"series","datatype":"FP32","shape":[2],"data":[1,2]}]}
            """;

    /** The nodes' own: libraries are unpacked once for all of them. */
    @TempDir private static Path data;

    private static final FakeRegistry REGISTRY = FakeRegistry.start();

    private final List<PlacementOrder> placed = new ArrayList<>();
    private Path open;
    private Path secret;
    private NodeProcess node;

    /** Where the node itself may read and write, so that only a wall can be in the way. */
    @BeforeEach
    void hideASecret() throws IOException {
        open = Files.createDirectories(data.resolve("open"));
        secret = Files.writeString(open.resolve("secret"), SECRET);
        // What a former node said is forgotten.
        REGISTRY.setDown(false);
    }

    @AfterEach
    void stop() {
        node.kill();
        placed.forEach(REGISTRY::remove);
    }

    @AfterAll
    static void close() {
        REGISTRY.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"BUBBLEWRAP", "LANDLOCK"})
    void nodesOfOrdinaryUsersHaveWallsToo(WallLevel wall) throws IOException {
        PlacementOrder average = place("moving-average.pt");
        start(wall);

        awaitEnd(average, ReplicaState.READY);

        var capacity = REGISTRY.lastHeartbeat().capacity();
        assertThat(capacity.wall()).isEqualTo(wall);
        assertThat(capacity.sandbox()).contains("memory by a watch");
        assertThat(REGISTRY.report(average).orElseThrow().residentBytes()).isPositive();
        assertReadsNothing();
        assertWritesNothing();
        assertEatsNoMoreThanItMay();
        HttpResponse<String> answer =
                infer(
                        average,
                        Oip.request("1", TestModels.expected("moving-average.pt").get("inputs")));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private void assertReadsNothing() {
        for (Path file : List.of(secret, data.resolve("credential.json"))) {
            PlacementOrder reader = placeAimed("reads-file.pt", file, false);
            awaitEnd(reader, ReplicaState.READY);

            HttpResponse<String> answer = infer(reader, SERIES);

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(500);
            assertThat(answer.body()).contains("model_failed").doesNotContain("data");
            REGISTRY.remove(reader);
        }
    }

    private void assertWritesNothing() throws IOException {
        for (String program : List.of("writes-file.pt", "saves-file.pt")) {
            for (Path file : List.of(secret, open.resolve("written"))) {
                PlacementOrder writer = placeAimed(program, file, false);
                awaitEnd(writer, ReplicaState.READY);

                // Some fail and some only believe that they wrote.
                infer(writer, SERIES);

                assertThat(secret).hasContent(SECRET);
                assertThat(files()).containsExactly(secret);
                REGISTRY.remove(writer);
            }
        }
    }

    private void assertEatsNoMoreThanItMay() {
        PlacementOrder greedy =
                place(
                        Framework.TORCHSCRIPT,
                        "model.pt",
                        TestModels.read("hostile/eats-memory.pt"),
                        false);
        awaitEnd(greedy, ReplicaState.READY);

        HttpResponse<String> answer = infer(greedy, SERIES);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(500);
        await("the log says why")
                .untilAsserted(() ->
                        assertThat(data.resolve("node.log"))
                                .content()
                                .contains(
                                        "worker of "
                                                + greedy.model()
                                                + " version 3 took more memory than a worker"
                                                + " may"));
        REGISTRY.remove(greedy);
    }

    @Test
    void withoutWallsAnOrdinaryUsersNodeRunsNoProgramsOfTenants() {
        PlacementOrder iris = place("iris.onnx");
        PlacementOrder average = place("moving-average.pt");
        PlacementOrder chat = place("tiny-chat.gguf");
        PlacementOrder reader = placeAimed("reads-file.pt", secret, true);
        start(WallLevel.NONE);

        awaitEnd(iris, ReplicaState.READY);

        String flower = Oip.request("1", TestModels.expected("iris.onnx").get("inputs"));
        Oip.assertOutputs(
                Oip.ok(infer(iris, flower)), TestModels.expected("iris.onnx").get("outputs"), 1e-5);
        assertThat(REGISTRY.lastHeartbeat().capacity().wall()).isEqualTo(WallLevel.NONE);
        for (PlacementOrder program : List.of(average, chat)) {
            assertThat(awaitEnd(program, ReplicaState.FAILED).reason())
                    .contains(
                            "no walls around models",
                            "no " + program.framework() + " of tenants",
                            "apt-get install bubblewrap");
        }
        awaitEnd(reader, ReplicaState.READY);
        assertThat(Oip.ok(infer(reader, SERIES)).get("outputs").get(0).get("data").get(0).asInt())
                .as("the secret, which nothing but walls hides from this user")
                .isEqualTo(SECRET.charAt(0));
    }

    private void start(WallLevel wall) {
        node =
                NodeProcess.startAsOrdinaryUser(
                        REGISTRY,
                        data,
                        Map.of(
                                "ATRIUM_NODE_WALL",
                                wall.name().toLowerCase(ROOT),
                                "ATRIUM_NODE_WORKER_MEMORY",
                                "1GB"));
    }

    private ReplicaReport awaitEnd(PlacementOrder order, ReplicaState wanted) {
        return await(wanted.name())
                .atMost(START)
                .until(
                        () -> REGISTRY.report(order).orElse(null),
                        report -> {
                            if (report != null
                                    && report.state() == ReplicaState.FAILED
                                    && wanted != ReplicaState.FAILED) {
                                throw new AssertionError("FAILED: " + report.reason());
                            }
                            return report != null && report.state() == wanted;
                        });
    }

    private HttpResponse<String> infer(PlacementOrder order, String body) {
        return node.send(
                REGISTRY, NodeProtocol.INFER, REGISTRY.grant(order, Operation.INFER), body);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(open)) {
            return files.toList();
        }
    }

    private PlacementOrder placeAimed(String program, Path file, boolean platformOwned) {
        return place(
                Framework.TORCHSCRIPT,
                "model.pt",
                HostileModels.aimed(program, file),
                platformOwned);
    }

    /** A demonstration model of a tenant. */
    private PlacementOrder place(String demo) {
        String ending = demo.substring(demo.indexOf('.'));
        Framework framework =
                switch (ending) {
                    case ".onnx" -> Framework.ONNX;
                    case ".pt" -> Framework.TORCHSCRIPT;
                    default -> Framework.GGUF;
                };
        return place(framework, "model" + ending, TestModels.demo(demo), false);
    }

    private PlacementOrder place(
            Framework framework, String name, byte[] content, boolean platformOwned) {
        PlacementOrder order =
                REGISTRY.place(
                        framework,
                        framework == Framework.GGUF ? Task.TEXT_GENERATION : Task.TENSORS,
                        Signature.UNKNOWN,
                        VersionSettings.DEFAULT,
                        platformOwned,
                        List.of(REGISTRY.store(name, content)));
        placed.add(order);
        return order;
    }
}
