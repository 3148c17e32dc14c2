package dev.atrium.gateway.quota;

import static dev.atrium.gateway.testing.SharedGateway.GATEWAY;
import static dev.atrium.gateway.testing.SharedGateway.NODE_A;
import static dev.atrium.gateway.testing.SharedGateway.PLATFORM;
import static dev.atrium.gateway.testing.SharedGateway.REGISTRY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atrium.gateway.feed.Feed;
import dev.atrium.gateway.metering.Journal;
import dev.atrium.gateway.testing.FakeInferenceNode.Script;
import dev.atrium.gateway.testing.Platform.KeyFixture;
import dev.atrium.gateway.testing.Platform.TenantFixture;
import dev.atrium.gateway.testing.RunningGateway;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import java.net.http.HttpResponse;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Policies on one gateway, one call at a time. */
class QuotaIT {
    private TenantFixture acme;
    private KeyFixture key;

    @BeforeEach
    void deploy() {
        acme = PLATFORM.tenant("t" + UUID.randomUUID().toString().substring(0, 8));
        PLATFORM.replica(PLATFORM.model(acme, "words", Task.TEXT_EMBEDDING).version(1), NODE_A);
        PLATFORM.replica(PLATFORM.model(acme, "chat", Task.TEXT_GENERATION).version(1), NODE_A);
        key = PLATFORM.key(acme);
        await().until(() -> GATEWAY.get("/v1/models/chat", key.text()).statusCode() == 200);
    }

    @AfterEach
    void nothingIsBrokenOrLeft() {
        NODE_A.script(Script.answer());
        await().until(() -> GATEWAY.bean(Journal.class).openCalls() == 0);
        assertThat(REGISTRY.quotas().broken()).isNull();
        assertThat(RunningGateway.blockingCalls()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "REQUESTS, HOUR", "REQUESTS, LIFETIME", "INPUT_TOKENS, DAY", "OUTPUT_TOKENS, MONTH",
        "TOKENS, HOUR", "COMPUTE_MILLIS, HOUR", "CONCURRENCY, NONE", "REQUESTS, SECOND",
        "TOKENS, MINUTE", "COMPUTE_MILLIS, SECOND"
    })
    void refusesEveryCallWithALimitOfZero(Unit unit, Window window) {
        limit(unit, window, 0);

        HttpResponse<String> answer = chat("");

        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.body()).contains("\"code\":\"insufficient_quota\"").contains("'test'");
        assertThat(answer.headers().firstValue("x-should-retry")).hasValue("false");
        assertThat(NODE_A.executionsOf(id(answer))).isEmpty();
    }

    @Test
    void chargesExactlyTheLimitAndSaysWhatIsLeft() {
        PolicyId policy = limit(Unit.REQUESTS, Window.HOUR, 3);

        for (int i = 2; i >= 0; i--) {
            HttpResponse<String> answer = embed();
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("RateLimit-Policy"))
                    .hasValue("\"test\";q=3;w=3600");
            assertThat(answer.headers().firstValue("RateLimit").orElseThrow())
                    .startsWith("\"test\";r=" + i + ";t=");
            assertThat(answer.headers().firstValue("x-ratelimit-remaining-requests"))
                    .hasValue(Integer.toString(i));
        }
        await().until(() -> REGISTRY.quotas().figures(policy).used() == 3);
        HttpResponse<String> refused = embed();

        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.body())
                .contains("insufficient_quota")
                .contains("'test'")
                .contains("3 used, 0 reserved by calls that run, 0 left");
        assertThat(Long.parseLong(refused.headers().firstValue("Retry-After").orElseThrow()))
                .isBetween(1L, 3_600L);
        assertThat(REGISTRY.quotas().figures(policy).reserved()).isZero();
    }

    @Test
    void writesMaxTokensDownToWhatIsLeft() {
        limit(Unit.OUTPUT_TOKENS, Window.DAY, 12);
        NODE_A.script(Script.answer().tokens(1_000, java.time.Duration.ZERO));

        HttpResponse<String> answer = chat(",\"max_tokens\":50");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Atrium-Max-Tokens")).hasValue("12");
        assertThat(answer.body()).contains("\"completion_tokens\":12");
        assertThat(NODE_A.executionsOf(id(answer)).getFirst().grant().maxOutputTokens())
                .isEqualTo(12);
    }

    private PolicyId limit(Unit unit, Window window, long amount) {
        PolicyId policy = PLATFORM.policy(acme, unit, window, amount);
        await().until(() -> !GATEWAY.bean(Feed.class).snapshot().policies(acme.id()).isEmpty());
        return policy;
    }

    private HttpResponse<String> embed() {
        return GATEWAY.post("/v1/embeddings", key.text(), "{\"model\":\"words\",\"input\":\"a\"}");
    }

    private HttpResponse<String> chat(String more) {
        return GATEWAY.post(
                "/v1/chat/completions",
                key.text(),
                "{\"model\":\"chat\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]"
                        + more
                        + "}");
    }

    private static UUID id(HttpResponse<?> answer) {
        return UUID.fromString(answer.headers().firstValue("x-request-id").orElseThrow());
    }
}
