package dev.atrium.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.node.api.Grant;
import dev.atrium.node.api.NodeProtocol;
import dev.atrium.node.testing.FakeRegistry;
import dev.atrium.node.testing.Grants;
import dev.atrium.node.testing.Oip;
import dev.atrium.node.testing.RunningNode;
import dev.atrium.node.testing.TinyOnnx;
import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.node.PlacementOrder;
import dev.atrium.registry.api.usage.Operation;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node with one place, one chair in the queue, small bodies, and two registries. */
class NodeLimitsIT {
    private static final Logger LOG = LoggerFactory.getLogger(NodeLimitsIT.class);
    private static final int REFUSALS = 1_000;
    private static final int WARM_UP = 300;
    private static final int CALLERS = 4;
    private static final String ENDLESS = trips("4611686018427387904");
    private static FakeRegistry registry;
    private static RunningNode node;
    private static PlacementOrder loop;

    @BeforeAll
    static void start() throws IOException {
        registry = FakeRegistry.start();
        String silent;
        try (ServerSocket socket = new ServerSocket(0)) {
            silent = "http://127.0.0.1:" + socket.getLocalPort();
        }
        node =
                RunningNode.start(
                        registry,
                        "atrium.node.registry.urls=" + silent + "," + registry.url(),
                        "atrium.node.worker.parallel=1",
                        "atrium.node.worker.max-queued=1",
                        "atrium.node.inference.max-body=8KB");
        loop = node.deploy(Framework.ONNX, "model.onnx", TinyOnnx.loop());
    }

    @Test
    void saysWhenToComeAgainWhenTheQueueIsFull() {
        CompletableFuture<HttpResponse<String>> running = endless(2_000);
        await().until(() -> registry.lastHeartbeat().inFlight() == 1);
        CompletableFuture<HttpResponse<String>> waiting = endless(500);
        await().until(() -> registry.lastHeartbeat().inFlight() == 2);
        Grant refused = registry.grant(loop, Operation.INFER);

        HttpResponse<String> response = node.send(NodeProtocol.INFER, refused, trips("3"));

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).contains("1");
        assertThat(Oip.read(response).get("code").asString()).isEqualTo("not_ready");
        assertThat(waiting.join().statusCode()).isEqualTo(504);
        assertThat(waiting.join().headers().firstValue(NodeProtocol.USAGE_HEADER))
                .as("nothing was computed for a call that only waited")
                .isEmpty();
        assertThat(running.join().statusCode()).isEqualTo(504);
        assertThat(node.infer(loop, trips("3")).statusCode()).isEqualTo(200);
        assertThat(registry.usageOf(refused)).isEmpty();
    }

    @Test
    void refusesAtOnceHoweverManyCallsCome() {
        CompletableFuture<HttpResponse<String>> running = endless(20_000);
        await().until(() -> registry.lastHeartbeat().inFlight() == 1);
        CompletableFuture<HttpResponse<String>> waiting = endless(20_000);
        await().until(() -> registry.lastHeartbeat().inFlight() == 2);

        microsOfRefusals(WARM_UP);
        List<Long> micros = microsOfRefusals(REFUSALS);

        long p99 = micros.get(REFUSALS * 99 / 100);
        LOG.info(
                "{} refusals of a full queue by {} callers: p50 {} us, p99 {} us",
                REFUSALS,
                CALLERS,
                micros.get(REFUSALS / 2),
                p99);
        assertThat(p99).isLessThan(1_000_000);
        assertThat(List.of(running, waiting)).noneMatch(CompletableFuture::isDone);
        List.of(running, waiting).forEach(call -> call.cancel(true));
        await().until(() -> registry.lastHeartbeat().inFlight() == 0);
    }

    /** Of so many, sorted. */
    private static List<Long> microsOfRefusals(int count) {
        try (ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
            return Stream.generate(() -> callers.submit(NodeLimitsIT::microsOfRefusal))
                    .limit(count)
                    .toList()
                    .stream()
                    .map(NodeLimitsIT::result)
                    .sorted()
                    .toList();
        }
    }

    private static long result(Future<Long> call) {
        try {
            return call.get();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long microsOfRefusal() {
        Grant grant = registry.grant(loop, Operation.INFER);
        long began = System.nanoTime();

        HttpResponse<String> response = node.send(NodeProtocol.INFER, grant, trips("3"));

        long micros = (System.nanoTime() - began) / 1_000;
        assertThat(response.statusCode()).as(response.body()).isEqualTo(503);
        assertThat(response.headers().firstValueAsLong("Retry-After")).hasValue(1);
        return micros;
    }

    @Test
    void refusesBodiesThatAreTooLarge() {
        HttpResponse<String> response = node.infer(loop, " ".repeat(9 * 1024) + trips("3"));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(Oip.read(response).get("error").asString()).contains("larger than 8192");
    }

    @Test
    void keepsUsageUntilARegistryTakesItAndSaysSo() {
        registry.setDown(true);
        Grant grant = registry.grant(loop, Operation.INFER);
        assertThat(node.send(NodeProtocol.INFER, grant, trips("3")).statusCode()).isEqualTo(200);
        Instant after = Instant.now();

        registry.setDown(false);
        await().atMost(Duration.ofSeconds(20)).until(registry::isInTouch);

        await().until(() -> registry.usageOf(grant).isPresent());
        await().until(() -> registry.lastHeartbeat().usageShippedThrough().isAfter(after));
    }

    @Test
    void isReadyOnceARegistryHasAnswered() throws Exception {
        HttpResponse<String> readiness = get("/actuator/health/readiness");
        HttpResponse<String> environment = get("/actuator/env");
        HttpResponse<String> metrics = get("/actuator/prometheus");

        assertThat(readiness.statusCode()).isEqualTo(200);
        assertThat(environment.statusCode()).isEqualTo(404);
        assertThat(metrics.body()).contains("atrium_node_calls_seconds_count");
    }

    private static HttpResponse<String> get(String path) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(node.url(path)).timeout(Duration.ofSeconds(10)).build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private static CompletableFuture<HttpResponse<String>> endless(long deadlineMillis) {
        Grant grant = Grants.withDeadline(registry.grant(loop, Operation.INFER), deadlineMillis);
        return node.sendAsync(NodeProtocol.INFER, grant, registry.sign(grant), ENDLESS);
    }

    private static String trips(String trips) {
        return """
        {"inputs":[
          {"name":"trips","datatype":"INT64","shape":[],"data":[%s]},
          {"name":"x","datatype":"FP32","shape":[1],"data":[1]}]}
        """
                .formatted(trips);
    }
}
