package dev.atrium.node;

import static dev.atrium.registry.api.node.RefusedFile.Origin.CACHE;
import static dev.atrium.registry.api.node.RefusedFile.Origin.REGISTRY;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.node.storage.NodeKey;
import dev.atrium.node.testing.Oip;
import dev.atrium.node.testing.RunningNode;
import dev.atrium.node.testing.TestModels;
import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.catalog.ModelFile;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.VersionSettings;
import dev.atrium.registry.api.node.PlacementOrder;
import dev.atrium.registry.api.node.RefusedFile;
import dev.atrium.testing.SmallDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Bytes on their way from the registry's store into a worker. */
class ArtifactsIT {
    private static final RunningNode NODE = RunningNode.shared();
    private static final String IRIS =
            Oip.request("1", TestModels.expected("iris.onnx").get("inputs"));

    @Test
    void fetchesADigestOnceForAnyNumberOfCopies() {
        ModelFile file = store(1);
        NODE.awaitReady(place(file));
        int fetched = NODE.registry().fetches();

        PlacementOrder second = place(file);

        NODE.awaitReady(second);
        assertThat(NODE.registry().fetches()).isEqualTo(fetched);
    }

    @Test
    void refusesBytesThatDoNotHaveTheirDigest() {
        ModelFile file = store(2);
        NODE.registry().corrupt(file);

        PlacementOrder order = place(file);

        assertThat(NODE.awaitFailed(order).reason()).contains("SHA-256").contains("model.onnx");
        assertThat(cached(file)).doesNotExist();
        await().until(
                        () -> NODE.registry().refusedFiles(),
                        refused -> refused.contains(new RefusedFile(file.sha256(), REGISTRY)));
        NODE.registry().remove(order);
    }

    @Test
    void oneFlippedByteOnDiskIsNotLoadedIsToldAndIsFetchedAgain() throws IOException {
        ModelFile file = store(3);
        PlacementOrder first = place(file);
        NODE.awaitReady(first);
        NODE.registry().remove(first);
        await().until(() -> NODE.registry().report(first).isEmpty());
        byte[] sealed = Files.readAllBytes(cached(file));
        sealed[sealed.length / 2] ^= 1;
        Files.delete(cached(file));
        Files.write(cached(file), sealed);
        int fetched = NODE.registry().fetches();

        PlacementOrder second = place(file);

        NODE.awaitReady(second);
        assertThat(NODE.registry().fetches()).isEqualTo(fetched + 1);
        assertThat(Files.readAllBytes(cached(file))).isNotEqualTo(sealed);
        assertThat(NODE.infer(second, IRIS).statusCode()).isEqualTo(200);
        await().until(
                        () -> NODE.registry().refusedFiles(),
                        refused -> refused.contains(new RefusedFile(file.sha256(), CACHE)));
        NODE.registry().remove(second);
    }

    @Test
    void nothingPlainLiesOnTheDiskOnceAModelIsReady() throws IOException {
        String words = "words that only this model's file holds";
        byte[] named = TestModels.documented("iris.onnx", words);

        PlacementOrder tenants = place(NODE.registry().store("model.onnx", named));
        PlacementOrder platforms =
                NODE.registry()
                        .place(
                                Framework.ONNX,
                                Task.TENSORS,
                                Signature.UNKNOWN,
                                VersionSettings.DEFAULT,
                                true,
                                List.of(NODE.registry().store("model.onnx", named)));
        NODE.awaitReady(tenants);
        NODE.awaitReady(platforms);

        assertThat(NODE.infer(tenants, IRIS).statusCode()).isEqualTo(200);
        assertThat(NODE.infer(platforms, IRIS).statusCode()).isEqualTo(200);
        try (Stream<Path> files = Files.walk(NODE.data())) {
            assertThat(files.filter(Files::isRegularFile))
                    .as("sealed in the cache")
                    .anyMatch(path -> path.toString().contains("/models/"))
                    .noneMatch(path -> holds(path, words));
        }
        NODE.registry().remove(tenants);
        NODE.registry().remove(platforms);
    }

    private static boolean holds(Path file, String words) {
        try {
            return Files.readString(file, ISO_8859_1).contains(words);
        } catch (NoSuchFileException removedMeanwhile) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void goesOnWhereADownloadBrokeOff() {
        ModelFile file = NODE.registry().store("model.onnx", TestModels.demo("fashion-mnist.onnx"));
        NODE.registry().cutNextArtifactAt(100_000);

        PlacementOrder order = place(file);

        NODE.awaitReady(order);
        String last = NODE.registry().ranges().getLast();
        assertThat(last).matches("bytes=\\d+-");
        assertThat(Integer.parseInt(last.replaceAll("\\D", ""))).isBetween(1, 100_000);
        NODE.registry().remove(order);
    }

    @Test
    void givesUpADownloadThatStandsStillAndGoesOnWhereItStood() {
        ModelFile file = store(4);
        NODE.registry().stallNextArtifactAt(7);
        long began = System.nanoTime();

        PlacementOrder order = place(file);

        NODE.awaitReady(order);
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(20));
        assertThat(NODE.registry().ranges()).contains("bytes=7-");
        NODE.registry().remove(order);
    }

    @Test
    void aFullDiskFailsTheCopyInPlainWordsAndLeavesNothingBehind() throws IOException {
        PlacementOrder serving =
                NODE.deploy(Framework.ONNX, "model.onnx", TestModels.demo("iris.onnx"));
        byte[] large = Arrays.copyOf(TestModels.demo("iris.onnx"), 3 << 20);
        ModelFile file = NODE.registry().store("model.onnx", large);

        try (SmallDisk disk = SmallDisk.over(NODE.data().resolve("models"), 1 << 20)) {
            long before = disk.files().size();
            PlacementOrder order = place(file);

            assertThat(NODE.awaitFailed(order).reason())
                    .contains("the disk of this node has no room", "model.onnx", "free some space")
                    .doesNotContain("/");
            assertThat(disk.files()).hasSize((int) before);
            assertThat(NODE.infer(serving, IRIS).statusCode()).isEqualTo(200);
            NODE.registry().remove(order);
            disk.grow();
            // The registry orders it again with another placement.
            ModelFile small = store(5);
            PlacementOrder again = place(small);
            NODE.awaitReady(again);
            NODE.registry().remove(again);
        }
        NODE.registry().remove(serving);
    }

    /** The same model with another digest each: unknown fields are part of a file. */
    private static ModelFile store(int salt) {
        byte[] iris = TestModels.demo("iris.onnx");
        byte[] salted = java.util.Arrays.copyOf(iris, iris.length + 3);
        // producer_version, field 3, one character
        salted[iris.length] = 0x1a;
        salted[iris.length + 1] = 1;
        salted[iris.length + 2] = (byte) ('a' + salt);
        return NODE.registry().store("model.onnx", salted);
    }

    private static PlacementOrder place(ModelFile file) {
        return NODE.registry()
                .place(Framework.ONNX, Task.TENSORS, VersionSettings.DEFAULT, List.of(file));
    }

    private static Path cached(ModelFile file) {
        return NODE.data()
                .resolve("models")
                .resolve(file.sha256().substring(0, 2))
                .resolve(file.sha256() + "-" + NODE.bean(NodeKey.class).id());
    }
}
