package dev.atrium.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.registry.api.apikey.ApiKeyFormat;
import dev.atrium.registry.api.usage.CallAttempt;
import dev.atrium.registry.api.usage.CallDetails;
import dev.atrium.registry.api.usage.Energy;
import dev.atrium.registry.api.usage.UsageRecord;
import dev.atrium.registry.api.usage.UsageSum;
import dev.atrium.standalone.client.ManagementApi;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What calls take from the grid, from the engines' CPU time to the reports. */
class EnergyIT {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** As the platform under test is told. */
    private static final double GRAMS_PER_JOULE = 400 / 3_600_000.0;

    private final HttpClient http = HttpClient.newHttpClient();
    private final String key = Platform.newAcmeKey();
    private final ManagementApi acme = Platform.acme();

    @Test
    void saysOfEachCallWhatItTookAndOfAllWhatTheyTookTogether() throws Exception {
        HttpResponse<String> embedding =
                call("/v1/embeddings", "{\"model\":\"atrium/minilm\",\"input\":\"hello\"}");
        HttpResponse<String> stream =
                call(
                        "/v1/chat/completions",
                        """
                        {"model": "atrium/tiny-chat", "stream": true, "max_tokens": 20,
                         "stream_options": {"include_usage": true},
                         "messages": [{"role": "user", "content": "Tell me a story"}]}
                        """);

        Energy ofEmbedding = ledger(embedding).energy();
        Energy ofStream = ledger(stream).energy();
        BigDecimal joules = decimal(embedding, "x-atrium-energy-j");
        double grams = decimal(embedding, "x-atrium-gco2e").doubleValue();
        assertThat(joules).isEqualByComparingTo(BigDecimal.valueOf(ofEmbedding.microjoules(), 6));
        assertThat(joules).isGreaterThan(BigDecimal.ZERO).isLessThan(BigDecimal.valueOf(1_000));
        assertThat(grams).isBetween(0.99e-9, joules.doubleValue() * GRAMS_PER_JOULE + 1e-9);
        assertThat(embedding.headers().firstValue("x-atrium-energy-method")).hasValue("modelled");
        assertThat(usage(stream).at("/atrium/energy_j").decimalValue())
                .isEqualByComparingTo(BigDecimal.valueOf(ofStream.microjoules(), 6));
        UsageSum sum = sum();
        assertThat(sum.calls()).isEqualTo(2);
        assertThat(sum.energy().calls()).isEqualTo(2);
        assertThat(sum.energy().microjoules())
                .isEqualTo(ofEmbedding.microjoules() + ofStream.microjoules());
        assertThat(sum.energy().carbon().nanograms())
                .isEqualTo(ofEmbedding.carbonNanograms() + ofStream.carbonNanograms());
        assertThat(sum.energy().carbon().tokens())
                .isEqualTo(sum.inputTokens() + sum.outputTokens());
    }

    @Test
    void theNodesAccountAgreesWithTheLedger() throws Exception {
        HttpResponse<String> answer =
                call("/v1/embeddings", "{\"model\":\"atrium/minilm\",\"input\":\"hello\"}");

        UsageRecord booked = ledger(answer);

        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(details(answer).attempts())
                                .extracting(CallAttempt::energy)
                                .containsExactly(booked.energy()));
    }

    private UsageRecord ledger(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return await().atMost(PATIENCE)
                .until(
                        () ->
                                acme.all("/usage/records", UsageRecord.class).stream()
                                        .filter(it -> it.callId().toString().equals(id(answer)))
                                        .findFirst()
                                        .orElse(null),
                        java.util.Objects::nonNull);
    }

    private CallDetails details(HttpResponse<String> answer) throws Exception {
        return acme.get("/calls/" + id(answer), CallDetails.class);
    }

    private UsageSum sum() throws Exception {
        String keyId = ApiKeyFormat.parse(key).orElseThrow().keyId();
        List<UsageSum> sums = acme.all("/usage?principal=" + keyId, UsageSum.class);
        assertThat(sums).hasSize(1);
        return sums.getFirst();
    }

    private static String id(HttpResponse<String> answer) {
        return answer.headers().firstValue("x-request-id").orElseThrow();
    }

    private static BigDecimal decimal(HttpResponse<String> answer, String header) {
        return new BigDecimal(answer.headers().firstValue(header).orElseThrow());
    }

    private static JsonNode usage(HttpResponse<String> stream) {
        return stream.body()
                .lines()
                .filter(line -> line.startsWith("data: {"))
                .map(line -> JSON.readTree(line.substring("data: ".length())).path("usage"))
                .filter(JsonNode::isObject)
                .findFirst()
                .orElseThrow();
    }

    private HttpResponse<String> call(String path, String body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(Platform.gateway() + path))
                        .header("Content-Type", "application/json")
                        .header("Authorization", "Bearer " + key)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
