package dev.atrium.bench;

import dev.atrium.node.testing.FakeRegistry;
import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.catalog.ModelFile;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.VersionSettings;
import dev.atrium.registry.api.deployment.ReplicaState;
import dev.atrium.registry.api.node.PlacementOrder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A node as it is shipped, its registry, and models on it. */
final class NodeWorld implements AutoCloseable {
    private static final long READY_MILLIS = 120_000;

    private final FakeRegistry registry = FakeRegistry.start();
    private final Processes processes = new Processes();
    private final NodeTarget node;
    private final Path program;

    /**
     * @param jar the node's executable one
     * @param more settings in the form of environment variables
     */
    NodeWorld(Path jar, Map<String, String> more) throws IOException, InterruptedException {
        int port = Processes.freePort();
        Path unpacked = processes.folder().resolve("node");
        processes
                .java(
                        "extract",
                        Map.of(),
                        List.of(
                                "-Djarmode=tools",
                                "-jar",
                                jar.toString(),
                                "extract",
                                "--destination",
                                unpacked.toString()))
                .waitFor();
        program = unpacked.resolve(jar.getFileName());
        Map<String, String> environment = new HashMap<>(more);
        environment.put("ATRIUM_NODE_PORT", Integer.toString(port));
        environment.put("ATRIUM_NODE_DATA", processes.folder().resolve("data").toString());
        environment.put("ATRIUM_NODE_NAME", "bench");
        environment.put("ATRIUM_NODE_JOIN_TOKEN", FakeRegistry.JOIN_TOKEN);
        environment.put("ATRIUM_REGISTRY_INTERNAL_URL", registry.url().toString());
        // A benchmark makes more calls in the life of a grant than a node ever gets.
        environment.put("ATRIUM_NODE_INFERENCE_MAXREMEMBEREDGRANTS", "5000000");
        Process process = processes.java("node", environment, List.of("-jar", program.toString()));
        processes.awaitAnswer(
                "node", "http://127.0.0.1:" + port + "/actuator/health/readiness", 200);
        node = new NodeTarget(port, process.toHandle());
    }

    FakeRegistry registry() {
        return registry;
    }

    NodeTarget node() {
        return node;
    }

    /** The class path of a node as it is shipped. */
    String nodeClassPath() {
        return program + ":" + program.resolveSibling("lib") + "/*";
    }

    Processes processes() {
        return processes;
    }

    PlacementOrder deploy(Task task, boolean ofPlatform, Map<String, byte[]> files)
            throws InterruptedException {
        return deploy(Framework.ONNX, task, ofPlatform, files);
    }

    PlacementOrder deploy(
            Framework framework, Task task, boolean ofPlatform, Map<String, byte[]> files)
            throws InterruptedException {
        List<ModelFile> stored =
                files.entrySet().stream()
                        .map(file -> registry.store(file.getKey(), file.getValue()))
                        .toList();
        PlacementOrder order =
                registry.place(
                        framework,
                        task,
                        Signature.UNKNOWN,
                        VersionSettings.DEFAULT,
                        ofPlatform,
                        stored);
        long end = System.currentTimeMillis() + READY_MILLIS;
        while (states(order).noneMatch(state -> state == ReplicaState.READY)) {
            if (System.currentTimeMillis() > end) {
                throw new IllegalStateException("a model is not ready: " + registry.report(order));
            }
            Thread.sleep(200);
        }
        return order;
    }

    private Stream<ReplicaState> states(PlacementOrder order) {
        return registry.report(order).stream().map(report -> report.state());
    }

    @Override
    public void close() throws IOException, InterruptedException {
        processes.close();
        registry.close();
    }
}
