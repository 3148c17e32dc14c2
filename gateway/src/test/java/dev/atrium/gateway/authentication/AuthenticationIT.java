package dev.atrium.gateway.authentication;

import static dev.atrium.gateway.testing.SharedGateway.GATEWAY;
import static dev.atrium.gateway.testing.SharedGateway.ISSUER;
import static dev.atrium.gateway.testing.SharedGateway.NODE_A;
import static dev.atrium.gateway.testing.SharedGateway.PLATFORM;
import static dev.atrium.gateway.testing.SharedGateway.REGISTRY;
import static dev.atrium.gateway.testing.SharedGateway.TOKENS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.atrium.gateway.testing.Platform.KeyFixture;
import dev.atrium.gateway.testing.Platform.ModelFixture;
import dev.atrium.gateway.testing.Platform.TenantFixture;
import dev.atrium.gateway.testing.TokenIssuer;
import dev.atrium.registry.api.apikey.ApiKeyFormat;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.identity.PrincipalKind;
import dev.atrium.registry.api.identity.TokenClaims;
import dev.atrium.registry.api.usage.UsageRecord;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AuthenticationIT {
    private static final AtomicInteger ADDRESSES = new AtomicInteger();

    private final String address = "10.0.0." + ADDRESSES.incrementAndGet();
    private TenantFixture tenant;
    private KeyFixture key;

    @BeforeEach
    void deploy() {
        tenant = PLATFORM.tenant("t" + UUID.randomUUID().toString().substring(0, 8));
        ModelFixture model = PLATFORM.model(tenant, "m", Task.TENSORS);
        PLATFORM.replica(model.version(1), NODE_A);
        key = PLATFORM.key(tenant);
        await().until(() -> infer(key.text()).statusCode() == 200);
    }

    @Test
    void servesAndBooksACallWithAnAccessToken() {
        HttpResponse<String> answer = infer(TOKENS.sign(claims("user-1")));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("x-ratelimit-limit-requests")).contains("600");
        UUID call = UUID.fromString(answer.headers().firstValue("x-request-id").orElseThrow());
        await().until(() -> REGISTRY.ledger().containsKey(call));
        UsageRecord usage = REGISTRY.ledger().get(call);
        assertThat(usage.principalKind()).isEqualTo(PrincipalKind.USER);
        assertThat(usage.principalId()).isEqualTo("user-1");
        assertThat(usage.tenantId()).isEqualTo(tenant.id());
        assertThat(usage.projectId()).isEqualTo(tenant.project());
    }

    @Test
    void refusesTokensWithoutTheScope() {
        String token = TOKENS.sign(claims("user-1").claim(TokenClaims.SCOPE, "usage:read"));

        assertThat(infer(token).statusCode()).isEqualTo(403);
        assertThat(GATEWAY.get("/v1/models", token).statusCode()).isEqualTo(403);
    }

    @Test
    void refusesForgedAndForeignTokens() {
        TokenIssuer stranger = new TokenIssuer(ISSUER, "k1");
        TokenIssuer elsewhere = new TokenIssuer("https://elsewhere.example", "k1");

        for (String token :
                List.of(
                        stranger.sign(claims("user-1")),
                        elsewhere.sign(claims("user-1")),
                        TOKENS.sign(claims("user-1").audience("portal")),
                        TOKENS.sign(
                                claims("user-1")
                                        .claim(
                                                TokenClaims.TENANT,
                                                UUID.randomUUID().toString())))) {
            HttpResponse<String> answer = infer(token);

            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.headers().firstValue("www-authenticate").orElseThrow())
                    .contains("invalid_token");
        }
    }

    @Test
    void stopsTheTokensOfABlockedPrincipalAtOnce() {
        String everywhere = TOKENS.sign(claims("blocked-everywhere"));
        String here = TOKENS.sign(claims("blocked-here"));
        String other = TOKENS.sign(claims("other"));
        assertThat(infer(everywhere).statusCode()).isEqualTo(200);
        assertThat(infer(here).statusCode()).isEqualTo(200);

        PLATFORM.block("blocked-everywhere");
        PLATFORM.block(tenant.id() + "/blocked-here");

        await().atMost(Duration.ofSeconds(1)).until(() -> infer(everywhere).statusCode() == 401);
        await().atMost(Duration.ofSeconds(1)).until(() -> infer(here).statusCode() == 401);
        assertThat(infer(other).statusCode()).isEqualTo(200);
    }

    @Test
    void stopsTheTokensOfASuspendedTenantAtOnce() {
        String token = TOKENS.sign(claims("user-1"));
        assertThat(infer(token).statusCode()).isEqualTo(200);

        PLATFORM.tenantIs(tenant, false);

        await().atMost(Duration.ofSeconds(1)).until(() -> infer(token).statusCode() == 401);
    }

    @Test
    void learnsARotatedKeyAndForgetsARemovedOneWithoutAFloodOfFetches() {
        TokenIssuer rotated = new TokenIssuer(ISSUER, "k-" + UUID.randomUUID());
        REGISTRY.addSigningKey(rotated.key());
        String token = rotated.sign(claims("user-1"));
        await().until(() -> infer(token).statusCode() == 200);

        int fetchesBefore = REGISTRY.jwksFetches();
        long floodBegan = System.nanoTime();
        TokenIssuer unknown = new TokenIssuer(ISSUER, "unknown-key");
        for (int i = 0; i < 60; i++) {
            assertThat(infer(unknown.sign(claims("user-" + i))).statusCode()).isIn(401, 429);
        }
        long seconds = (System.nanoTime() - floodBegan) / 1_000_000_000L;
        // One fetch per 300 ms in this gateway.
        assertThat(REGISTRY.jwksFetches() - fetchesBefore)
                .isLessThanOrEqualTo((int) (seconds * 1_000 / 300) + 5);

        REGISTRY.removeSigningKey(rotated.key().getKeyID());
        await().until(() -> infer(rotated.sign(claims("user-2"))).statusCode() != 200);
    }

    @Test
    void refusesKeysThatAreWrongExpiredOrMalformed() {
        KeyFixture expired =
                PLATFORM.key(
                        tenant,
                        100,
                        List.of("inference:invoke"),
                        List.of(),
                        Instant.now().minusSeconds(1));
        KeyFixture expiresSoon =
                PLATFORM.key(
                        tenant,
                        100,
                        List.of("inference:invoke"),
                        List.of(),
                        Instant.now().plusSeconds(2));
        await().until(() -> infer(expiresSoon.text()).statusCode() == 200);
        String otherSecret = ApiKeyFormat.generate();

        assertThat(infer(expired.text()).statusCode()).isEqualTo(401);
        assertThat(infer(otherSecret).statusCode()).isEqualTo(401);
        assertThat(infer(withIdOf(key.text(), otherSecret)).statusCode()).isEqualTo(401);
        assertThat(infer("atr_short").statusCode()).isEqualTo(401);
        await().until(() -> infer(expiresSoon.text()).statusCode() != 200);
    }

    @Test
    void limitsFailuresOfAnAddressButNeverLocksGoodKeysOut() {
        HttpResponse<String> answer = infer("atr_wrong");
        for (int i = 0; i < 200 && answer.statusCode() != 429; i++) {
            answer = infer("atr_wrong");
        }

        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(Integer.parseInt(answer.headers().firstValue("retry-after").orElseThrow()))
                .isBetween(1, 60);
        assertThat(infer(key.text()).statusCode()).isEqualTo(200);
    }

    private JWTClaimsSet.Builder claims(String principal) {
        return TOKENS.claims(
                tenant.id().value(), tenant.project().value(), principal, Instant.now());
    }

    private static String withIdOf(String key, String other) {
        String text = key.substring(0, 21) + other.substring(21);
        return ApiKeyFormat.parse(text).isPresent() ? text : other;
    }

    /** From an address of this test's own, as a proxy in front would tell it. */
    private HttpResponse<String> infer(String credential) {
        return GATEWAY.send(
                GATEWAY.request(URI.create(GATEWAY.url() + "/v2/models/m/infer"), credential)
                        .header("Content-Type", "application/json")
                        .header("X-Forwarded-For", "6.6.6.6, " + address)
                        .POST(HttpRequest.BodyPublishers.ofString("{\"inputs\":[]}"))
                        .build());
    }
}
