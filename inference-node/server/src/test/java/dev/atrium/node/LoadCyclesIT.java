package dev.atrium.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.node.testing.FakeRegistry;
import dev.atrium.node.testing.NodeProcess;
import dev.atrium.node.testing.TestModels;
import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.VersionSettings;
import dev.atrium.registry.api.deployment.ReplicaState;
import dev.atrium.registry.api.node.PlacementOrder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of models that come and go. */
class LoadCyclesIT {
    private static final int BEFORE = 10;
    private static final int CYCLES = 50;
    private static final Duration LONGEST = Duration.ofSeconds(60);

    /** Of a cycle that kept half a megabyte there would be 25. */
    private static final long MOST_GROWTH = 16L << 20;

    private static final long MOST_HEAP_GROWTH = 4L << 20;

    /** All of the heap is resident from the beginning: what grows is outside of it. */
    private static final Map<String, String> WHOLE_HEAP =
            Map.of("JAVA_TOOL_OPTIONS", "-Xms256m -XX:+AlwaysPreTouch");

    private static final Pattern USED_HEAP = Pattern.compile("used (\\d+)K");

    @Test
    void fiftyLoadsAndUnloadsLeaveTheNodeAsLargeAsBefore(@TempDir Path data) throws Exception {
        try (FakeRegistry registry = FakeRegistry.start()) {
            NodeProcess node = NodeProcess.start(registry, data, WHOLE_HEAP);
            try {
                PlacementOrder iris = order(registry, false, "iris.onnx");
                cycles(registry, iris, BEFORE);
                long heapBefore = usedHeap(node.pid());
                long before = resident(node.pid());
                long filesBefore = openFiles(node.pid());

                cycles(registry, iris, CYCLES);

                long heap = usedHeap(node.pid());
                assertThat(heap - heapBefore).isLessThan(MOST_HEAP_GROWTH);
                assertThat(resident(node.pid()) - before).isLessThan(MOST_GROWTH);
                assertThat(openFiles(node.pid())).isLessThan(filesBefore + CYCLES / 2);
                assertThat(node.workers()).isEmpty();
            } finally {
                node.stop();
            }
        }
    }

    @Test
    void fiftyLoadsAndUnloadsLeaveTheSharedWorkerAsLargeAsBefore(@TempDir Path data)
            throws Exception {
        try (FakeRegistry registry = FakeRegistry.start()) {
            NodeProcess node = NodeProcess.start(registry, data);
            try {
                PlacementOrder stays = order(registry, true, "iris.onnx");
                awaitReady(registry, stays);
                PlacementOrder comes = order(registry, true, "fashion-mnist.onnx");
                cycles(registry, comes, BEFORE);
                long worker = node.workers().getFirst().pid();
                long before = resident(worker);
                long filesBefore = openFiles(worker);

                cycles(registry, comes, CYCLES);

                assertThat(resident(worker) - before).isLessThan(MOST_GROWTH);
                assertThat(openFiles(worker)).isLessThan(filesBefore + CYCLES / 2);
                assertThat(node.workers()).extracting(ProcessHandle::pid).containsExactly(worker);
            } finally {
                node.stop();
            }
        }
    }

    private static PlacementOrder order(FakeRegistry registry, boolean platform, String model) {
        return registry.place(
                Framework.ONNX,
                Task.TENSORS,
                Signature.UNKNOWN,
                VersionSettings.DEFAULT,
                platform,
                List.of(registry.store("model.onnx", TestModels.demo(model))));
    }

    /** Ends with the model unloaded. */
    private static void cycles(FakeRegistry registry, PlacementOrder version, int times) {
        registry.remove(version);
        awaitGone(registry, version);
        for (int i = 0; i < times; i++) {
            PlacementOrder order = registry.placeAgain(version);
            awaitReady(registry, order);
            registry.remove(order);
            awaitGone(registry, order);
        }
    }

    private static void awaitReady(FakeRegistry registry, PlacementOrder order) {
        await("READY")
                .atMost(LONGEST)
                .pollInterval(Duration.ofMillis(20))
                .until(() ->
                        registry.report(order)
                                .filter(report -> report.state() == ReplicaState.READY)
                                .isPresent());
    }

    private static void awaitGone(FakeRegistry registry, PlacementOrder order) {
        await("unloaded")
                .atMost(LONGEST)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> registry.isInTouch() && registry.report(order).isEmpty());
    }

    /** Bytes after a collection. */
    private static long usedHeap(long pid) throws Exception {
        jcmd(pid, "GC.run");
        Matcher used = USED_HEAP.matcher(jcmd(pid, "GC.heap_info"));
        assertThat(used.find()).isTrue();
        return 1024 * Long.parseLong(used.group(1));
    }

    private static String jcmd(long pid, String command) throws Exception {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process process =
                new ProcessBuilder(jcmd.toString(), Long.toString(pid), command)
                        .redirectErrorStream(true)
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    private static long resident(long pid) {
        try {
            String status = Files.readString(Path.of("/proc", Long.toString(pid), "status"));
            return status.lines()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long openFiles(long pid) throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            return open.count();
        }
    }
}
