package dev.atrium.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.node.testing.Bystander;
import dev.atrium.node.testing.FakeRegistry;
import dev.atrium.node.testing.HostileModels;
import dev.atrium.node.testing.Oip;
import dev.atrium.node.testing.RunningNode;
import dev.atrium.node.testing.TestModels;
import dev.atrium.node.worker.Workers;
import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.catalog.ModelFile;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.VersionSettings;
import dev.atrium.registry.api.node.PlacementOrder;
import dev.atrium.registry.api.node.WallLevel;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Models that mean harm on a live node, while another tenant calls a model of its own: nothing of
 * the node is read or written, and the other tenant does not notice.
 */
class HostileModelsIT {
    private static final Map<WallLevel, RunningNode> NODES = new EnumMap<>(WallLevel.class);
    private static final String SECRET = "what no model may see";
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final String IRIS =
            Oip.request("1", TestModels.expected("iris.onnx").get("inputs"));
    private static final String SERIES =
            """
            {"inputs":[{"name":"series","datatype":"FP32","shape":[2],"data":[1,2]}]}
            """;

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

    /** Nodes cannot be stopped within a JVM, so each is started once, when it is needed. */
    private static RunningNode node(WallLevel wall) {
        return NODES.computeIfAbsent(
                wall,
                level ->
                        RunningNode.start(
                                FakeRegistry.start(),
                                "ATRIUM_NODE_WALL=" + level.name().toLowerCase(Locale.ROOT),
                                "ATRIUM_NODE_WORKER_MEMORY=1GB",
                                "atrium.node.model.max-deaths=1",
                                "atrium.node.worker.load-timeout=15s"));
    }

    @ParameterizedTest
    @EnumSource(names = {"BUBBLEWRAP", "LANDLOCK"})
    void modelsReadNothingOfTheNodeAndOfOthers(WallLevel wall) throws IOException {
        RunningNode node = node(wall);
        try (Bystander bystander = bystander(node)) {
            List<PlacementOrder> readers =
                    Stream.of(
                                    secret,
                                    Path.of("/etc/passwd"),
                                    cachedModel(node),
                                    node.data().resolve("storage.key").toRealPath())
                            .map(each -> placeAimed(node, "reads-file.pt", each, false))
                            .toList();
            for (PlacementOrder reader : readers) {
                node.awaitReady(reader);

                HttpResponse<String> response = node.infer(reader, SERIES);

                assertThat(response.statusCode()).isEqualTo(500);
                assertThat(response.body()).contains("model_failed").doesNotContain("data");
                node.registry().remove(reader);
            }
            assertUnharmed(bystander);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BUBBLEWRAP", "LANDLOCK"})
    void modelsWriteNothing(WallLevel wall) throws IOException {
        RunningNode node = node(wall);
        try (Bystander bystander = bystander(node)) {
            Path written = outside.resolve("written");
            List<PlacementOrder> writers =
                    List.of(
                            placeAimed(node, "writes-file.pt", written, false),
                            placeAimed(node, "writes-file.pt", secret, false),
                            placeAimed(node, "saves-file.pt", written, false),
                            placeAimed(node, "saves-file.pt", secret, false));
            for (PlacementOrder writer : writers) {
                node.awaitReady(writer);

                // Some fail and some only believe that they wrote.
                node.infer(writer, SERIES);

                nobodyTouchedTheSecret();
                node.registry().remove(writer);
            }
            assertUnharmed(bystander);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BUBBLEWRAP", "LANDLOCK"})
    void modelsThatCrashEatOrNeverEndHarmThemselvesAlone(WallLevel wall) {
        RunningNode node = node(wall);
        try (Bystander bystander = bystander(node)) {
            PlacementOrder gigantic = place(node, Framework.ONNX, "gigantic-tensor.onnx");
            PlacementOrder endless = place(node, Framework.ONNX, "endless-loop.onnx");
            PlacementOrder nested = place(node, Framework.TORCHSCRIPT, "nested-calls.pt");
            PlacementOrder greedy = place(node, Framework.TORCHSCRIPT, "eats-memory.pt");

            assertThat(node.awaitFailed(nested).reason()).contains("SIGSEGV");
            assertThat(node.awaitFailed(gigantic).reason()).isNotBlank();
            node.awaitReady(greedy);
            assertThat(node.infer(greedy, SERIES).statusCode()).isEqualTo(500);
            assertThat(node.awaitFailed(endless).reason()).contains("did not finish in time");
            List.of(gigantic, endless, nested, greedy).forEach(node.registry()::remove);
            assertUnharmed(bystander);
        }
    }

    @Test
    void withoutWallsTheSameModelsReadAndWriteWhatTheyLike() throws IOException {
        RunningNode node = node(WallLevel.NONE);
        PlacementOrder reader = deployOfPlatform(node, "reads-file.pt", secret);
        Path written = outside.resolve("written");
        Path saved = outside.resolve("saved");
        PlacementOrder writer = deployOfPlatform(node, "writes-file.pt", written);
        PlacementOrder saver = deployOfPlatform(node, "saves-file.pt", saved);

        HttpResponse<String> read = node.infer(reader, SERIES);
        node.infer(writer, SERIES);
        node.infer(saver, SERIES);

        assertThat(read.statusCode()).isEqualTo(200);
        assertThat(Oip.ok(read).get("outputs").get(0).get("data").get(0).asInt())
                .isEqualTo(SECRET.charAt(0));
        for (Path each : List.of(written, saved)) {
            assertThat(each).exists();
            Files.delete(each);
        }
        List.of(reader, writer, saver).forEach(node.registry()::remove);
    }

    @Test
    void withoutWallsProgramsOfTenantsAreRefusedWithWhatToDo() {
        RunningNode node = node(WallLevel.NONE);

        PlacementOrder program = place(node, Framework.TORCHSCRIPT, "reads-file.pt");

        assertThat(node.awaitFailed(program).reason())
                .contains("no walls", "apt-get install bubblewrap");
        node.registry().remove(program);
    }

    @ParameterizedTest
    @EnumSource
    void theRegistryHearsWhichWallStands(WallLevel wall) {
        RunningNode node = node(wall);

        await().atMost(LONGEST).until(node.registry()::isInTouch);

        var capacity = node.registry().lastHeartbeat().capacity();
        assertThat(capacity.wall()).isEqualTo(wall);
        assertThat(capacity.sandbox()).isEqualTo(node.bean(Workers.class).wallInWords());
    }

    private static Bystander bystander(RunningNode node) {
        PlacementOrder iris =
                node.deploy(Framework.ONNX, "model.onnx", TestModels.demo("iris.onnx"));
        return new Bystander(node, iris, IRIS);
    }

    private static void assertUnharmed(Bystander bystander) {
        int before = bystander.calls();
        await().atMost(LONGEST).until(() -> bystander.calls() > before + 2);
        assertThat(bystander.errors()).isEmpty();
    }

    /** The model of another tenant, in the node's cache. */
    private static Path cachedModel(RunningNode node) throws IOException {
        try (var files = Files.walk(node.data().resolve("models").toRealPath())) {
            return files.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
    }

    private static PlacementOrder deployOfPlatform(RunningNode node, String file, Path canary) {
        PlacementOrder order = placeAimed(node, file, canary, true);
        node.awaitReady(order);
        return order;
    }

    private static PlacementOrder placeAimed(
            RunningNode node, String file, Path canary, boolean platformOwned) {
        ModelFile stored = node.registry().store("model.pt", HostileModels.aimed(file, canary));
        return place(node, Framework.TORCHSCRIPT, stored, platformOwned);
    }

    private static PlacementOrder place(RunningNode node, Framework framework, String file) {
        String name = framework == Framework.ONNX ? "model.onnx" : "model.pt";
        ModelFile stored = node.registry().store(name, TestModels.read("hostile/" + file));
        return place(node, framework, stored, false);
    }

    private static PlacementOrder place(
            RunningNode node, Framework framework, ModelFile file, boolean platformOwned) {
        return node.registry()
                .place(
                        framework,
                        Task.TENSORS,
                        Signature.UNKNOWN,
                        VersionSettings.DEFAULT,
                        platformOwned,
                        List.of(file));
    }
}
