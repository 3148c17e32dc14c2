package dev.atrium.node.testing;

import static org.awaitility.Awaitility.await;

import dev.atrium.node.NodeApplication;
import dev.atrium.node.api.Grant;
import dev.atrium.node.api.NodeProtocol;
import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.VersionSettings;
import dev.atrium.registry.api.deployment.ReplicaState;
import dev.atrium.registry.api.node.PlacementOrder;
import dev.atrium.registry.api.node.ReplicaReport;
import dev.atrium.registry.api.usage.Operation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.FileSystemUtils;

/**
 * A whole node with its fake registry, in this JVM; its workers are processes of their own. One is
 * shared by all tests of a JVM.
 */
public final class RunningNode {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final FakeRegistry registry;
    private final Path data;
    private final ConfigurableApplicationContext context;

    private RunningNode(FakeRegistry registry, Path data, ConfigurableApplicationContext context) {
        this.registry = registry;
        this.data = data;
        this.context = context;
    }

    private static final class Shared {
        static final RunningNode NODE = start(FakeRegistry.start());
    }

    public static RunningNode shared() {
        return Shared.NODE;
    }

    /**
     * Another node for as long as this JVM lives: stopping one would end the event loops that all
     * of them share.
     */
    public static RunningNode start(FakeRegistry registry, String... more) {
        try {
            Path data = Files.createTempDirectory(Path.of("target"), "node-data");
            RunningNode node = start(registry, data, more);
            Runtime.getRuntime().addShutdownHook(new Thread(node::stopAndRemove));
            return node;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RunningNode start(FakeRegistry registry, Path data, String... more) {
        Stream<String> settings =
                Stream.of(
                        "ATRIUM_NODE_PORT=0",
                        "ATRIUM_NODE_DATA=" + data.toAbsolutePath(),
                        "ATRIUM_REGISTRY_INTERNAL_URL=" + registry.url(),
                        "ATRIUM_NODE_JOIN_TOKEN=" + FakeRegistry.JOIN_TOKEN,
                        "ATRIUM_NODE_NAME=test-node",
                        // Unpacked once for all runs of the tests.
                        "atrium.node.worker.native-dir=target/native",
                        "ATRIUM_NODE_WATTS_PER_CORE=7",
                        "ATRIUM_NODE_GRID_INTENSITY=400",
                        "atrium.node.registration.heartbeat=200ms",
                        "atrium.node.model.stall-timeout=2s");
        String[] arguments =
                Stream.concat(settings, Stream.of(more))
                        .map(each -> "--" + each)
                        .toArray(String[]::new);
        SpringApplicationBuilder builder = new SpringApplicationBuilder(NodeApplication.class);
        return new RunningNode(registry, data, builder.run(arguments));
    }

    public FakeRegistry registry() {
        return registry;
    }

    /** The node's own folder. */
    public Path data() {
        return data;
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    public URI url(String path) {
        String port = context.getEnvironment().getRequiredProperty("local.server.port");
        return URI.create("http://127.0.0.1:" + port + path);
    }

    /** Places a one-file tensor model and waits until it takes calls. */
    public PlacementOrder deploy(Framework framework, String file, byte[] content) {
        PlacementOrder order =
                registry.place(
                        framework,
                        Task.TENSORS,
                        VersionSettings.DEFAULT,
                        List.of(registry.store(file, content)));
        awaitReady(order);
        return order;
    }

    public ReplicaReport awaitReady(PlacementOrder order) {
        return await("READY")
                .atMost(LONGEST_WAIT)
                .until(
                        () -> registry.report(order).orElse(null),
                        report -> {
                            if (report != null && report.state() == ReplicaState.FAILED) {
                                throw new AssertionError("FAILED: " + report.reason());
                            }
                            return report != null && report.state() == ReplicaState.READY;
                        });
    }

    public ReplicaReport awaitFailed(PlacementOrder order) {
        return await("FAILED")
                .atMost(LONGEST_WAIT)
                .until(
                        () -> registry.report(order).orElse(null),
                        report -> report != null && report.state() == ReplicaState.FAILED);
    }

    public HttpResponse<String> infer(PlacementOrder order, String body) {
        return send(NodeProtocol.INFER, registry.grant(order, Operation.INFER), body);
    }

    /** A call that prefers to wait so many seconds for its model. */
    public CompletableFuture<HttpResponse<String>> inferWaiting(
            Grant grant, String body, int seconds) {
        HttpRequest request =
                HttpRequest.newBuilder(
                                url(NodeProtocol.path(NodeProtocol.INFER, grant.versionId())))
                        .header("Content-Type", "application/json")
                        .header(NodeProtocol.GRANT_HEADER, registry.sign(grant))
                        .header(NodeProtocol.WAIT_HEADER, "wait=" + seconds)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
        return HTTP.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    }

    public HttpResponse<String> send(String template, Grant grant, String body) {
        return send(
                template, grant, registry.sign(grant), body, HttpResponse.BodyHandlers.ofString());
    }

    public <T> HttpResponse<T> send(
            String template,
            Grant grant,
            String signed,
            String body,
            HttpResponse.BodyHandler<T> handler) {
        return send(request(template, grant, signed, body), handler);
    }

    private static <T> HttpResponse<T> send(
            HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            return HTTP.send(request, handler);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public CompletableFuture<HttpResponse<String>> sendAsync(
            String template, Grant grant, String signed, String body) {
        return sendAsync(template, grant, signed, body, HttpResponse.BodyHandlers.ofString());
    }

    public <T> CompletableFuture<HttpResponse<T>> sendAsync(
            String template,
            Grant grant,
            String signed,
            String body,
            HttpResponse.BodyHandler<T> handler) {
        return HTTP.sendAsync(request(template, grant, signed, body), handler);
    }

    /**
     * Sends a natural input.
     *
     * @param contentType empty for none
     */
    public HttpResponse<String> predict(
            PlacementOrder order, String query, String contentType, byte[] body) {
        return predict(
                registry.grant(order, Operation.ofPrediction(order.task())),
                query,
                contentType,
                body);
    }

    /** The same under this grant. */
    public HttpResponse<String> predict(
            Grant grant, String query, String contentType, byte[] body) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(
                                url(
                                        NodeProtocol.path(NodeProtocol.PREDICT, grant.versionId())
                                                + query))
                        .header(NodeProtocol.GRANT_HEADER, registry.sign(grant))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if (!contentType.isEmpty()) {
            request.header("Content-Type", contentType);
        }
        return send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest request(String template, Grant grant, String signed, String body) {
        return HttpRequest.newBuilder(url(NodeProtocol.path(template, grant.versionId())))
                .header("Content-Type", "application/json")
                .header(NodeProtocol.GRANT_HEADER, signed)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private void stopAndRemove() {
        context.close();
        FileSystemUtils.deleteRecursively(data.toFile());
    }
}
