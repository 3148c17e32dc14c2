package dev.atrium.gateway.quota;

import static dev.atrium.gateway.testing.SharedGateway.NODE_A;
import static dev.atrium.gateway.testing.SharedGateway.assertNothingIsLeft;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.gateway.testing.FakeInferenceNode.Script;
import dev.atrium.registry.api.quota.Mode;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What answers say of tokens that are left is what the next call gets. */
class TokenHeadersIT {
    private static final String DAY = "(\\d+h)?(\\d+m)?\\d+s|\\d+ms";
    private static final String MINUTE = "1m[0-2]s|5\\ds";

    private final LimitedTenant acme = new LimitedTenant();

    @BeforeEach
    void useAllThatIsGranted() {
        NODE_A.script(Script.answer().tokens(1_000, Duration.ZERO));
    }

    @AfterEach
    void nothingIsBrokenOrLeft() {
        assertNothingIsLeft();
    }

    @Test
    void sayWhatIsLeftOfATotal() {
        acme.limit(Unit.OUTPUT_TOKENS, Window.DAY, 12, Mode.HARD);

        HttpResponse<String> first = generate(5);
        HttpResponse<String> rest = generate(8);
        HttpResponse<String> refused = generate(1);

        assertThat(first.body()).contains("\"completion_tokens\":5");
        assertTokens(first, 12, 7, DAY);
        assertThat(rest.headers().firstValue("Atrium-Max-Tokens")).hasValue("7");
        assertThat(rest.body()).contains("\"completion_tokens\":7");
        assertTokens(rest, 12, 0, DAY);
        assertThat(refused.statusCode()).isEqualTo(429);
        assertTokens(refused, 12, 0, DAY);
    }

    @Test
    void sayWhatIsLeftOfARateAndWhenAllOfItIsBack() {
        acme.limit(Unit.OUTPUT_TOKENS, Window.MINUTE, 20, Mode.HARD);

        HttpResponse<String> first = generate(5);
        HttpResponse<String> rest = generate(16);
        HttpResponse<String> refused = generate(1);

        assertTokens(first, 20, 15, MINUTE);
        assertThat(rest.headers().firstValue("Atrium-Max-Tokens")).hasValue("15");
        assertThat(rest.body()).contains("\"completion_tokens\":15");
        assertTokens(rest, 20, 0, MINUTE);
        assertThat(refused.statusCode()).isEqualTo(429);
        assertTokens(refused, 20, 0, MINUTE);
        assertThat(refused.headers().firstValueAsLong("Retry-After").orElseThrow())
                .isBetween(50L, 62L);
    }

    @Test
    void areThoseOfTheTightestLimitAndOfTokensAlone() {
        acme.limit(Unit.REQUESTS, Window.DAY, 3, Mode.HARD);
        HttpResponse<String> withoutTokens = generate(5);
        acme.limit(Unit.TOKENS, Window.DAY, 100_000, Mode.HARD);
        acme.limit(Unit.OUTPUT_TOKENS, Window.DAY, 12, Mode.HARD);

        HttpResponse<String> answer = generate(5);

        assertThat(withoutTokens.headers().map().keySet())
                .contains("x-ratelimit-limit-requests")
                .doesNotContain("x-ratelimit-limit-tokens");
        assertTokens(answer, 12, 7, DAY);
        assertThat(answer.headers().firstValue("x-ratelimit-limit-requests")).hasValue("3");
        assertThat(answer.headers().firstValue("x-ratelimit-remaining-requests")).hasValue("1");
    }

    private HttpResponse<String> generate(int tokens) {
        return acme.chat(",\"max_tokens\":" + tokens);
    }

    private static void assertTokens(
            HttpResponse<String> answer, long limit, long remaining, String reset) {
        assertThat(answer.headers().firstValue("x-ratelimit-limit-tokens"))
                .hasValue(Long.toString(limit));
        assertThat(answer.headers().firstValue("x-ratelimit-remaining-tokens"))
                .hasValue(Long.toString(remaining));
        assertThat(answer.headers().firstValue("x-ratelimit-reset-tokens").orElseThrow())
                .matches(reset);
        assertThat(answer.headers().firstValue("RateLimit").orElseThrow())
                .contains("\"test\";r=" + remaining + ";t=");
    }
}
