package dev.atrium.gateway.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.gateway.testing.FakeInferenceNode;
import dev.atrium.gateway.testing.FakeInferenceNode.Script;
import dev.atrium.gateway.testing.FakeRegistry;
import dev.atrium.gateway.testing.Platform;
import dev.atrium.gateway.testing.Platform.KeyFixture;
import dev.atrium.gateway.testing.Platform.ModelFixture;
import dev.atrium.gateway.testing.Platform.TenantFixture;
import dev.atrium.gateway.testing.RunningGateway;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.idempotency.KeyOutcome.Kind;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryAwayIT {
    private static final String BODY = "{\"model\":\"words\",\"input\":\"a\"}";

    @Test
    void withoutTheRegistryKeyedCallsAreRefusedAndNothingIsExecutedTwice(@TempDir Path folder) {
        try (FakeRegistry registry = new FakeRegistry();
                FakeInferenceNode node = new FakeInferenceNode(registry);
                RunningGateway gateway =
                        RunningGateway.start(
                                registry,
                                folder,
                                "atrium.gateway.idempotency.longest-wait=500ms",
                                "atrium.gateway.registry.request-timeout=2s")) {
            Platform platform = new Platform(registry);
            TenantFixture acme = platform.tenant("acme");
            ModelFixture words = platform.model(acme, "words", Task.TEXT_EMBEDDING);
            platform.replica(words.version(1), node);
            KeyFixture key = platform.key(acme);
            await().until(() -> gateway.get("/v1/models/words", key.text()).statusCode() == 200);

            // Slow: the claim arrives, its answer does not.
            registry.keys().mute(true);
            HttpResponse<String> slow = gateway.send(keyed(gateway, key, "slow"));
            registry.keys().mute(false);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> registry.keys().outcomes(acme.id(), Kind.RELEASED) == 1);
            HttpResponse<String> slowAgain = gateway.send(keyed(gateway, key, "slow"));

            // Gone in the middle of a call: its outcome is said when the registry is back.
            node.script(Script.answer().after(Duration.ofSeconds(2)));
            CompletableFuture<HttpResponse<String>> running =
                    gateway.sendAsync(keyed(gateway, key, "running"));
            await().until(() -> node.running() == 1);
            registry.goDown();
            HttpResponse<String> down = gateway.send(keyed(gateway, key, "down"));
            HttpResponse<String> unkeyed = gateway.post("/v1/embeddings", key.text(), BODY);
            HttpResponse<String> answered = running.join();
            registry.comeBack();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> registry.keys().outcomes(acme.id(), Kind.ANSWERED) == 2);
            HttpResponse<String> replayed = gateway.send(keyed(gateway, key, "running"));

            assertThat(slow.statusCode()).isEqualTo(503);
            assertThat(slow.headers().firstValue("Retry-After")).hasValue("1");
            assertThat(slow.headers().firstValue("x-should-retry")).hasValue("true");
            assertThat(slowAgain.statusCode()).isEqualTo(200);
            assertThat(down.statusCode()).isEqualTo(503);
            assertThat(unkeyed.statusCode()).isEqualTo(200);
            assertThat(answered.statusCode()).isEqualTo(200);
            assertThat(replayed.headers().firstValue("Idempotent-Replayed")).hasValue("true");
            assertThat(replayed.body()).isEqualTo(answered.body());
            assertThat(node.executions()).hasSize(3);
            assertThat(RunningGateway.blockingCalls()).isEmpty();
        }
    }

    private static HttpRequest keyed(RunningGateway gateway, KeyFixture key, String name) {
        return HttpRequest.newBuilder(
                        gateway.postRequest("/v1/embeddings", key.text(), BODY),
                        (header, value) -> true)
                .header("Idempotency-Key", name)
                .build();
    }
}
