package dev.atrium.node.testing;

import dev.atrium.node.NodeApplication;
import dev.atrium.node.api.Grant;
import dev.atrium.node.api.NodeProtocol;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** A node in a process of its own, to be killed. */
public final class NodeProcess {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Process process;
    private final int port;

    private NodeProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    public static NodeProcess start(FakeRegistry registry, Path data) {
        return start(registry, data, Map.of());
    }

    /**
     * @param settings as environment
     */
    public static NodeProcess start(
            FakeRegistry registry, Path data, Map<String, String> settings) {
        Path libraries = Path.of("target/native").toAbsolutePath();
        return start(registry, data, libraries, List.of(), settings);
    }

    /**
     * As a user that owns nothing but the node's data; where tests are not run by root, as theirs.
     */
    public static NodeProcess startAsOrdinaryUser(
            FakeRegistry registry, Path data, Map<String, String> settings) {
        List<String> user =
                "root".equals(System.getProperty("user.name"))
                        ? List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
                        : List.of();
        return start(registry, data, data.resolve("native"), user, settings);
    }

    private static NodeProcess start(
            FakeRegistry registry,
            Path data,
            Path libraries,
            List<String> user,
            Map<String, String> settings) {
        try {
            int port = freePort();
            List<String> command = new ArrayList<>(user);
            command.addAll(
                    List.of(
                            java(),
                            "-Xmx256m",
                            "-XX:TieredStopAtLevel=1",
                            "--enable-native-access=ALL-UNNAMED"));
            command.addAll(program(data));
            if (!user.isEmpty()) {
                giveToNobody(data);
            }
            ProcessBuilder builder =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(
                                    ProcessBuilder.Redirect.appendTo(
                                            new File(data.toFile(), "node.log")));
            Map<String, String> environment = builder.environment();
            environment.put("ATRIUM_NODE_PORT", Integer.toString(port));
            environment.put("ATRIUM_NODE_DATA", data.toAbsolutePath().toString());
            environment.put("ATRIUM_NODE_NAME", "killed-node");
            environment.put("ATRIUM_NODE_JOIN_TOKEN", FakeRegistry.JOIN_TOKEN);
            environment.put("ATRIUM_REGISTRY_INTERNAL_URL", registry.url().toString());
            environment.put("ATRIUM_NODE_REGISTRATION_HEARTBEAT", "200ms");
            environment.put("ATRIUM_NODE_WORKER_NATIVEDIR", libraries.toString());
            environment.putAll(settings);
            return new NodeProcess(builder.start(), port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void giveToNobody(Path folder) throws IOException {
        Process change =
                new ProcessBuilder("chown", "-R", "65534:65534", folder.toString()).start();
        if (change.onExit().join().exitValue() != 0) {
            throw new IllegalStateException("the node's data cannot be given to another user");
        }
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** As it is shipped when it has been packaged, unpacked as the launcher does; else as built. */
    private static List<String> program(Path data) throws IOException {
        Optional<Path> packaged;
        try (Stream<Path> files = Files.list(Path.of("target"))) {
            packaged = files.filter(file -> file.toString().endsWith("-exec.jar")).findFirst();
        }
        if (packaged.isEmpty()) {
            String classPath = System.getProperty("java.class.path");
            return List.of("-cp", classPath, NodeApplication.class.getName());
        }
        Path unpacked = data.resolve("program");
        if (!Files.exists(unpacked)) {
            Process extraction =
                    new ProcessBuilder(
                                    java(),
                                    "-Djarmode=tools",
                                    "-jar",
                                    packaged.get().toString(),
                                    "extract",
                                    "--destination",
                                    unpacked.toString())
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            if (extraction.onExit().join().exitValue() != 0) {
                throw new IllegalStateException("the packaged node cannot be unpacked");
            }
        }
        return List.of("-jar", unpacked.resolve(packaged.get().getFileName()).toString());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    public HttpResponse<String> send(
            FakeRegistry registry, String template, Grant grant, String body) {
        return sendAsync(registry, template, grant, body).join();
    }

    public CompletableFuture<HttpResponse<String>> sendAsync(
            FakeRegistry registry, String template, Grant grant, String body) {
        HttpRequest request =
                HttpRequest.newBuilder(url(NodeProtocol.path(template, grant.versionId())))
                        .header(NodeProtocol.GRANT_HEADER, registry.sign(grant))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
        return HTTP.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    }

    public URI url(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    /** Worker processes of this node: the innermost, without what stands around them. */
    public List<ProcessHandle> workers() {
        return process.toHandle()
                .descendants()
                .filter(each -> each.children().findAny().isEmpty())
                .toList();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    public void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Asks it to end, and returns whether it did so by itself. */
    public int stop() {
        process.destroy();
        return process.onExit().join().exitValue();
    }
}
