package dev.atrium.node;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.node.api.Grant;
import dev.atrium.node.api.NodeProtocol;
import dev.atrium.node.testing.FakeRegistry;
import dev.atrium.node.testing.NodeProcess;
import dev.atrium.node.testing.Oip;
import dev.atrium.node.testing.TestModels;
import dev.atrium.node.testing.TinyOnnx;
import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.catalog.ModelFile;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.VersionSettings;
import dev.atrium.registry.api.deployment.ReplicaState;
import dev.atrium.registry.api.node.PlacementOrder;
import dev.atrium.registry.api.usage.NodeUsageRecord;
import dev.atrium.registry.api.usage.Operation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What survives the death of the supervisor, and what does not. */
class NodeRestartIT {
    private static final Duration START = Duration.ofSeconds(60);
    private static final String IRIS =
            Oip.request("1", TestModels.expected("iris.onnx").get("inputs"));
    private static final String ENDLESS =
            """
            {"inputs":[
              {"name":"trips","datatype":"INT64","shape":[],"data":[4611686018427387904]},
              {"name":"x","datatype":"FP32","shape":[1],"data":[1]}]}
            """;

    @Test
    void aKilledNodeLeavesNoWorkerForgetsNoCallAndComesBackFromItsCache(@TempDir Path data)
            throws IOException {
        try (FakeRegistry registry = FakeRegistry.start()) {
            NodeProcess first = NodeProcess.start(registry, data);
            PlacementOrder iris = place(registry, TestModels.demo("iris.onnx"));
            PlacementOrder loop = place(registry, TinyOnnx.loop());
            awaitReady(registry, iris);
            awaitReady(registry, loop);
            Grant answered = registry.grant(iris, Operation.INFER);
            assertThat(send(first, registry, answered, IRIS).join().statusCode()).isEqualTo(200);
            Grant cut = registry.grant(loop, Operation.INFER);
            CompletableFuture<HttpResponse<String>> running = send(first, registry, cut, ENDLESS);
            await().until(() -> registry.lastHeartbeat().inFlight() == 1);
            var workers = first.workers();

            first.kill();

            assertThat(workers).hasSize(2);
            await().atMost(Duration.ofSeconds(5))
                    .until(() -> workers.stream().noneMatch(ProcessHandle::isAlive));
            assertThat(running).failsWithin(Duration.ofSeconds(5));
            int fetches = registry.fetches();
            registry.setDown(true);
            NodeProcess second = NodeProcess.start(registry, data);
            await("workers of before").atMost(START).until(() -> second.workers().size() == 2);
            registry.setDown(false);
            awaitReady(registry, iris);
            NodeUsageRecord left = shipped(registry, cut);
            assertThat(left.finishedAt()).isNull();
            assertThat(left.outcome()).isEqualTo("NODE_FAILED");
            assertThat(shipped(registry, answered).outcome()).isEqualTo("OK");
            assertThat(shipped(registry, answered).energy()).as("without watts").isNull();
            assertThat(registry.fetches()).isEqualTo(fetches);
            assertThat(registry.joins()).isEqualTo(1);
            assertThat(send(second, registry, answered, IRIS).join().statusCode())
                    .as("a grant used before the restart")
                    .isEqualTo(401);
            Grant fresh = registry.grant(iris, Operation.INFER);
            assertThat(send(second, registry, fresh, IRIS).join().statusCode()).isEqualTo(200);
            assertThat(
                            PosixFilePermissions.toString(
                                    Files.getPosixFilePermissions(data.resolve("credential.json"))))
                    .isEqualTo("rw-------");
            second.stop();
            assertThat(second.workers()).isEmpty();
        }
    }

    @Test
    void whatAKilledNodeLeftReadableIsGoneAfterItsNextStart(@TempDir Path data) throws IOException {
        Path temporary = Files.createDirectory(data.resolve("tmp"));
        var settings = Map.of("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + temporary);
        String secret = "the owner's own words";
        try (FakeRegistry registry = FakeRegistry.start()) {
            NodeProcess first = NodeProcess.start(registry, data, settings);
            ModelFile model =
                    registry.store("model.onnx", TestModels.documented("iris.onnx", secret));
            PlacementOrder shared = place(registry, true, model);
            awaitReady(registry, shared);
            PlacementOrder alone = place(registry, false, model);
            awaitReady(registry, alone);
            registry.stallNextArtifactAt(70_000);
            ModelFile large = registry.store("large.bin", new byte[200_000]);
            PlacementOrder halfOpen = place(registry, false, model, large);
            await("one file is open, the other comes")
                    .atMost(START)
                    .until(() -> !holding(data, secret).isEmpty() && !begun(data).isEmpty());

            first.kill();

            assertThat(holding(data, secret)).isNotEmpty();
            assertThat(folders(temporary)).hasSize(1);
            NodeProcess second = NodeProcess.start(registry, data, settings);
            List.of(shared, alone, halfOpen).forEach(order -> awaitReady(registry, order));
            assertThat(registry.ranges()).as("what was whole stays").contains("bytes=65536-");
            await("models are ready a moment before what they were read from is removed")
                    .atMost(START)
                    .untilAsserted(() -> assertThat(holding(data, secret)).isEmpty());
            assertThat(folders(temporary)).as("its own").hasSize(1);
            assertThat(folders(data.resolve("opened"))).as("its own").hasSize(1);
            second.stop();
            assertThat(folders(temporary)).isEmpty();
            assertThat(folders(data.resolve("opened"))).isEmpty();
        }
    }

    private static PlacementOrder place(
            FakeRegistry registry, boolean platformOwned, ModelFile... files) {
        return registry.place(
                Framework.ONNX,
                Task.TENSORS,
                Signature.UNKNOWN,
                VersionSettings.DEFAULT,
                platformOwned,
                List.of(files));
    }

    private static List<Path> folders(Path parent) throws IOException {
        try (Stream<Path> all = Files.list(parent)) {
            return all.toList();
        }
    }

    private static List<Path> begun(Path data) {
        return files(data, path -> path.toString().endsWith(".part") && size(path) > 65_536);
    }

    private static List<Path> holding(Path data, String words) {
        Path program = data.resolve("program");
        return files(data, path -> !path.startsWith(program) && text(path).contains(words));
    }

    private static List<Path> files(Path folder, Predicate<Path> wanted) {
        List<Path> found = new ArrayList<>();
        try {
            Files.walkFileTree(
                    folder,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes now) {
                            if (now.isRegularFile() && wanted.test(file)) {
                                found.add(file);
                            }
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult visitFileFailed(Path file, IOException gone) {
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    private static long size(Path file) {
        return text(file).length();
    }

    /** Empty when it is gone. */
    private static String text(Path file) {
        try {
            return Files.readString(file, ISO_8859_1);
        } catch (NoSuchFileException gone) {
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static PlacementOrder place(FakeRegistry registry, byte[] model) {
        return registry.place(
                Framework.ONNX,
                Task.TENSORS,
                VersionSettings.DEFAULT,
                List.of(registry.store("model.onnx", model)));
    }

    private static void awaitReady(FakeRegistry registry, PlacementOrder order) {
        await("READY")
                .atMost(START)
                .until(() ->
                        registry.report(order)
                                .filter(r -> r.state() == ReplicaState.READY)
                                .isPresent());
    }

    private static NodeUsageRecord shipped(FakeRegistry registry, Grant grant) {
        return await().atMost(START)
                .until(() -> registry.usageOf(grant), Optional::isPresent)
                .orElseThrow();
    }

    private static CompletableFuture<HttpResponse<String>> send(
            NodeProcess node, FakeRegistry registry, Grant grant, String body) {
        return node.sendAsync(registry, NodeProtocol.INFER, grant, body);
    }
}
