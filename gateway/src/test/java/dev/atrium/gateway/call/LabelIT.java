package dev.atrium.gateway.call;

import static dev.atrium.gateway.testing.SharedGateway.GATEWAY;
import static dev.atrium.gateway.testing.SharedGateway.NODE_A;
import static dev.atrium.gateway.testing.SharedGateway.PLATFORM;
import static dev.atrium.gateway.testing.SharedGateway.REGISTRY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.gateway.testing.Platform.KeyFixture;
import dev.atrium.gateway.testing.Platform.TenantFixture;
import dev.atrium.gateway.testing.RunningGateway;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.usage.UsageRecord;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** From the header to the record that is shipped. */
class LabelIT {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String EMBEDDINGS = "/v1/embeddings";
    private static final String WORDS = "{\"model\":\"words\",\"input\":\"a\"}";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private KeyFixture plain;
    private KeyFixture labelled;

    @BeforeEach
    void deploy() {
        TenantFixture acme = PLATFORM.customer(NODE_A);
        PLATFORM.replica(PLATFORM.model(acme, "tensors", Task.TENSORS).version(1), NODE_A);
        plain = PLATFORM.key(acme);
        labelled = PLATFORM.labelledKey(acme, "marketing/eu");
        await().atMost(PATIENCE)
                .until(() -> GATEWAY.get("/v1/models/chat", labelled.text()).statusCode() == 200);
    }

    @AfterEach
    void nothingBlocked() {
        assertThat(RunningGateway.blockingCalls()).isEmpty();
    }

    @Test
    void aCallIsForTheCostCentreOfItsKeyUnlessItNamesAnother() {
        HttpResponse<String> ofKey = call(labelled, EMBEDDINGS, WORDS);
        HttpResponse<String> ofHeader = call(labelled, EMBEDDINGS, WORDS, "team:a-1_b.c/D");
        HttpResponse<String> ofNone = call(plain, EMBEDDINGS, WORDS);
        HttpResponse<String> ofCall = call(plain, EMBEDDINGS, WORDS, "x".repeat(64));

        assertThat(booked(ofKey).label()).isEqualTo("marketing/eu");
        assertThat(booked(ofHeader).label()).isEqualTo("team:a-1_b.c/D");
        assertThat(booked(ofNone).label()).isNull();
        assertThat(booked(ofCall).label()).isEqualTo("x".repeat(64));
    }

    @Test
    void everyProtocolHasLabels() {
        String chat =
                "{\"model\":\"chat\",\"stream\":true,\"messages\":[{\"role\":\"user\","
                        + "\"content\":\"hi\"}]}";
        String tensors =
                "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,1],\"datatype\":\"FP32\","
                        + "\"data\":[1]}]}";

        HttpResponse<String> stream = call(plain, "/v1/chat/completions", chat, "ops");
        HttpResponse<String> infer = call(plain, "/v2/models/tensors/infer", tensors, "ops");

        assertThat(booked(stream).label()).isEqualTo("ops");
        assertThat(booked(infer).label()).isEqualTo("ops");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two words", "a,b", "a;drop", "<script>", "caf\u00e9"})
    void refusesWhatIsNoLabel(String label) {
        assertRefused(label);
    }

    @Test
    void refusesWhatIsTooLongAndMoreThanOne() {
        assertRefused("x".repeat(65));
        assertRefused("one", "two");
    }

    private void assertRefused(String... labels) {
        int before = NODE_A.executions().size();

        HttpResponse<String> answer = call(labelled, EMBEDDINGS, WORDS, labels);
        HttpResponse<String> infer =
                call(labelled, "/v2/models/tensors/infer", "{\"inputs\":[]}", labels);

        JsonNode error = JSON.readTree(answer.body()).get("error");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(error.get("code").stringValue()).isEqualTo("invalid_label");
        assertThat(error.get("type").stringValue()).isEqualTo("invalid_request_error");
        assertThat(error.get("param").stringValue()).isEqualTo("Atrium-Label");
        assertThat(infer.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(infer.body()).get("error").stringValue()).contains("Atrium-Label");
        assertThat(NODE_A.executions()).hasSize(before);
    }

    private static HttpResponse<String> call(
            KeyFixture key, String path, String body, String... labels) {
        HttpRequest.Builder request =
                GATEWAY.request(URI.create(GATEWAY.url() + path), key.text())
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body));
        for (String label : labels) {
            request.header("Atrium-Label", label);
        }
        return GATEWAY.send(request.build());
    }

    private static UsageRecord booked(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        UUID call = UUID.fromString(answer.headers().firstValue("x-request-id").orElseThrow());
        await().atMost(PATIENCE).until(() -> REGISTRY.ledger().containsKey(call));
        return REGISTRY.ledger().get(call);
    }
}
