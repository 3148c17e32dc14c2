package dev.atrium.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.gateway.testing.FakeInferenceNode;
import dev.atrium.gateway.testing.FakeInferenceNode.Script;
import dev.atrium.gateway.testing.FakeRegistry;
import dev.atrium.gateway.testing.Platform;
import dev.atrium.gateway.testing.Platform.KeyFixture;
import dev.atrium.gateway.testing.Platform.ModelFixture;
import dev.atrium.gateway.testing.RunningGateway;
import dev.atrium.node.api.NodeError;
import dev.atrium.registry.api.catalog.Task;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InFlightLimitIT {
    private static final int LIMIT = 3;

    @TempDir static Path folder;

    private static FakeRegistry registry;
    private static FakeInferenceNode node;
    private static RunningGateway gateway;
    private static KeyFixture key;

    @BeforeAll
    static void start() {
        registry = new FakeRegistry();
        node = new FakeInferenceNode(registry);
        Platform platform = new Platform(registry);
        key = platform.key(platform.tenant("acme"));
        ModelFixture model = platform.model(key.tenant(), "m", Task.TENSORS);
        platform.replica(model.version(1), node);
        gateway =
                RunningGateway.start(
                        registry, folder, "atrium.gateway.admission.max-in-flight=" + LIMIT);
        await().until(() -> infer().statusCode() == 200);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        node.close();
        registry.close();
    }

    @AfterEach
    void everyPlaceIsGivenBack() {
        node.script(Script.answer());
        await().until(() -> gateway.bean(InFlightCalls.class).count() == 0);
        assertThat(fill()).allMatch(call -> call.join().statusCode() == 200);
        assertThat(RunningGateway.blockingCalls()).isEmpty();
    }

    @Test
    void refusesTheCallPastTheLimitAtOnceAndServesAgainAfterwards() {
        node.script(Script.answer().after(Duration.ofSeconds(1)));
        List<CompletableFuture<HttpResponse<String>>> calls = fill();

        long from = System.nanoTime();
        HttpResponse<String> past = infer();
        Duration took = Duration.ofNanos(System.nanoTime() - from);

        assertThat(past.statusCode()).isEqualTo(503);
        assertThat(past.headers().firstValue("retry-after")).contains("1");
        assertThat(past.body()).contains("the gateway serves as many calls as it can");
        assertThat(took).isLessThan(Duration.ofMillis(750));
        assertThat(calls).allMatch(call -> call.join().statusCode() == 200);
        node.script(Script.answer());
        assertThat(infer().statusCode()).isEqualTo(200);
    }

    @Test
    void givesPlacesBackWhenTheNodeFailsOrRefuses() {
        for (Script failure :
                List.of(
                        Script.of(Script.Kind.DROP_BEFORE_ANSWER),
                        Script.of(Script.Kind.NO_USAGE),
                        Script.refuse(NodeError.INVALID_INPUT, "wrong"))) {
            node.script(failure);

            List<Integer> statuses =
                    Stream.generate(() -> infer().statusCode()).limit(2 * LIMIT).toList();

            assertThat(statuses).allMatch(status -> status == 400 || status == 502);
            await().until(() -> gateway.bean(InFlightCalls.class).count() == 0);
        }
    }

    @Test
    void givesPlacesBackWhenTheGatewayRefuses() {
        List<Integer> statuses =
                Stream.of("/v1/embeddings", "/v2/models/absent/infer", "/v1/chat/completions")
                        .flatMap(path -> Stream.of(path, path))
                        .map(path -> gateway.post(path, key.text(), "{\"model\":\"absent\"}"))
                        .map(HttpResponse::statusCode)
                        .toList();

        assertThat(statuses).allMatch(status -> status == 404);
        await().until(() -> gateway.bean(InFlightCalls.class).count() == 0);
    }

    @Test
    void givesPlacesBackWhenClientsGoAway() {
        node.script(Script.answer().after(Duration.ofSeconds(20)));
        List<CompletableFuture<HttpResponse<String>>> calls = fill();

        calls.forEach(call -> call.cancel(true));

        await().atMost(Duration.ofSeconds(2))
                .until(() -> gateway.bean(InFlightCalls.class).count() == 0);
        await().until(() -> node.running() == 0);
    }

    /** As many calls as there are places, each of which has one. */
    private static List<CompletableFuture<HttpResponse<String>>> fill() {
        List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
        for (int i = 1; i <= LIMIT; i++) {
            CompletableFuture<HttpResponse<String>> call =
                    gateway.sendAsync(
                            gateway.postRequest(
                                    "/v2/models/m/infer", key.text(), "{\"inputs\":[]}"));
            calls.add(call);
            int taken = i;
            await().pollInterval(Duration.ofMillis(5))
                    .until(() -> call.isDone() || node.running() == taken);
        }
        return calls;
    }

    private static HttpResponse<String> infer() {
        return gateway.post("/v2/models/m/infer", key.text(), "{\"inputs\":[]}");
    }
}
