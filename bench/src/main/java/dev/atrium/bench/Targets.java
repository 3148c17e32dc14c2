package dev.atrium.bench;

import dev.atrium.gateway.testing.FakeRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/** Starts the gateway and its peers. */
final class Targets {
    private final Processes processes;
    private final World world;
    private final Upstream upstream;

    Targets(Processes processes, World world, Upstream upstream) {
        this.processes = processes;
        this.world = world;
        this.upstream = upstream;
    }

    /** The upstream itself, whose CPU time is this process's. */
    Target direct() {
        return new Target("upstream, direct", upstream.url(), "", ProcessHandle.current());
    }

    Target gateway(Path jar, String... options) throws IOException, InterruptedException {
        int port = Processes.freePort();
        int management = Processes.freePort();
        Process process =
                processes.java(
                        "gateway",
                        Map.of(
                                "ATRIUM_GATEWAY_PORT", Integer.toString(port),
                                "ATRIUM_GATEWAY_MANAGEMENT_PORT", Integer.toString(management),
                                "ATRIUM_REGISTRY_INTERNAL_URL", world.registry().url().toString(),
                                "ATRIUM_GATEWAY_JOIN_TOKEN", FakeRegistry.JOIN_TOKEN,
                                "ATRIUM_GATEWAY_DATA",
                                        processes.folder().resolve("data").toString()),
                        Stream.of(
                                        // As it is started by its image and by the launcher.
                                        Stream.of("--sun-misc-unsafe-memory-access=allow"),
                                        Stream.of(options),
                                        Stream.of("-jar", jar.toString()))
                                .flatMap(Function.identity())
                                .toList());
        String managementUrl = "http://127.0.0.1:" + management;
        processes.awaitAnswer("gateway", managementUrl + "/actuator/health/readiness", 200);
        return new Target(
                "Atrium gateway", "http://127.0.0.1:" + port, managementUrl, process.toHandle());
    }

    Target cloudGateway(String classPath) throws IOException, InterruptedException {
        Path keys = processes.folder().resolve("keys");
        Files.write(keys, world.keys());
        return peer(
                "Spring Cloud Gateway",
                "dev.atrium.bench.peer.CloudGateway",
                classPath,
                "--bench.keys=" + keys);
    }

    Target webFilterProxy(String classPath) throws IOException, InterruptedException {
        return peer(
                "bare WebFilter proxy",
                "dev.atrium.bench.peer.WebFilterProxy",
                classPath,
                "--logging.level.root=info");
    }

    private Target peer(String name, String main, String classPath, String argument)
            throws IOException, InterruptedException {
        int port = Processes.freePort();
        Process process =
                processes.java(
                        name,
                        Map.of(),
                        List.of(
                                "-cp",
                                classPath,
                                main,
                                "--server.port=" + port,
                                "--bench.upstream=" + upstream.url(),
                                argument));
        awaitPort(name, port);
        return new Target(name, "http://127.0.0.1:" + port, "", process.toHandle());
    }

    private static void awaitPort(String name, int port) throws InterruptedException {
        for (int i = 0; i < 300; i++) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", port), 200);
                return;
            } catch (IOException notYet) {
                Thread.sleep(200);
            }
        }
        throw new IllegalStateException(name + " does not listen");
    }
}
