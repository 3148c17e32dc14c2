package dev.atrium.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.gateway.testing.FakeInferenceNode;
import dev.atrium.gateway.testing.FakeRegistry;
import dev.atrium.gateway.testing.Platform;
import dev.atrium.gateway.testing.RunningGateway;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.usage.Outcome;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CallsIT {
    @TempDir static Path data;

    @Test
    void answersAnEmbeddingAndBooksIt() {
        try (FakeRegistry registry = new FakeRegistry();
                FakeInferenceNode node = new FakeInferenceNode(registry)) {
            Platform platform = new Platform(registry);
            Platform.TenantFixture acme = platform.tenant("acme");
            Platform.KeyFixture key = platform.key(acme);
            Platform.ModelFixture model = platform.model(acme, "words", Task.TEXT_EMBEDDING);
            platform.replica(model.version(1), node);
            try (RunningGateway gateway = RunningGateway.start(registry, data)) {
                HttpResponse<String> answer =
                        gateway.post(
                                "/v1/embeddings",
                                key.text(),
                                "{\"model\":\"acme/words\",\"input\":\"hello\"}");
                assertThat(answer.statusCode()).isEqualTo(200);
                UUID id =
                        UUID.fromString(answer.headers().firstValue("x-request-id").orElseThrow());
                await().until(() -> registry.ledger().containsKey(id));
                assertThat(registry.ledger().get(id).outcome()).isEqualTo(Outcome.OK);
            }
        }
        assertThat(RunningGateway.blockingCalls()).isEmpty();
    }
}
