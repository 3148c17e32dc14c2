package dev.atrium.gateway.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.registry.api.usage.UsageRecord;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What tests look for in the answers of {@code /v1} and in the books behind them. */
public final class OpenAiAnswers {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private OpenAiAnswers() {}

    public static void assertError(
            HttpResponse<String> answer, int status, String code, String words) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        JsonNode error = JSON.readTree(answer.body()).get("error");
        assertThat(error.get("code").stringValue()).isEqualTo(code);
        assertThat(error.get("message").stringValue()).contains(words);
    }

    /** The row of the ledger for a call through the shared gateway. */
    public static UsageRecord booked(HttpResponse<String> answer) {
        UUID call = UUID.fromString(answer.headers().firstValue("x-request-id").orElseThrow());
        await().atMost(PATIENCE).until(() -> SharedGateway.REGISTRY.ledger().containsKey(call));
        return SharedGateway.REGISTRY.ledger().get(call);
    }
}
