package dev.atrium.gateway.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWKSet;
import dev.atrium.gateway.feed.TestFeed;
import dev.atrium.gateway.testing.TokenIssuer;
import dev.atrium.registry.api.apikey.ApiKeyFormat;
import dev.atrium.registry.api.feed.FeedApiKey;
import dev.atrium.registry.api.feed.FeedBlockedPrincipal;
import dev.atrium.registry.api.feed.FeedKind;
import dev.atrium.registry.api.feed.FeedTenant;
import dev.atrium.registry.api.identity.PrincipalKind;
import dev.atrium.registry.api.identity.Scope;
import dev.atrium.registry.api.tenancy.ProjectId;
import dev.atrium.registry.api.tenancy.TenantId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who calls, by what the feed and the signing keys say, and how often one may be wrong. */
class AuthenticatorTests {
    private static final TokenIssuer ISSUER = new TokenIssuer(TestProperties.ISSUER, "k1");
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final String ADDRESS = "1.2.3.4";
    private static final int FAILURES = 2;

    private final AtomicLong nanos = new AtomicLong();
    private final TestFeed feed = new TestFeed(nanos::get);
    private final SigningKeys signingKeys = new SigningKeys();
    private final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    private final AuthenticationProperties properties =
            TestProperties.withFailuresPerMinute(FAILURES);
    private final Authenticator authenticator =
            new Authenticator(
                    feed.feed(),
                    new AccessTokens(properties, signingKeys, clock),
                    new FailedCredentials(properties, nanos::get),
                    clock,
                    properties);
    private final TenantId tenant = new TenantId(UUID.randomUUID());
    private final ProjectId project = new ProjectId(UUID.randomUUID());

    @BeforeEach
    void load() throws JOSEException {
        tenantIs(true);
        signingKeys.replace(new JWKSet(ISSUER.key().toPublicJWK()));
    }

    @Test
    void knowsACallerByItsKey() {
        String key = key(null);

        assertThat(authenticate("Bearer " + key))
                .isEqualTo(
                        new Authentication.Authenticated(
                                new Caller(
                                        tenant,
                                        "acme",
                                        project,
                                        PrincipalKind.API_KEY,
                                        ApiKeyFormat.parse(key).orElseThrow().keyId(),
                                        Set.of(Scope.INFERENCE_INVOKE),
                                        Set.of("acme/chat"),
                                        60,
                                        "night-run")));
    }

    @Test
    void knowsACallerByItsToken() {
        assertThat(authenticate("Bearer " + token("u1")))
                .isEqualTo(
                        new Authentication.Authenticated(
                                new Caller(
                                        tenant,
                                        "acme",
                                        project,
                                        PrincipalKind.USER,
                                        "u1",
                                        Set.of(Scope.INFERENCE_INVOKE, Scope.MODELS_READ),
                                        Set.of(),
                                        properties.tokenRequestsPerMinute(),
                                        null)));
    }

    @Test
    void readsTheSchemeInAnyCaseAndBlanksAroundTheCredential() {
        String key = key(null);

        assertThat(authenticate("bEaReR   " + key + " "))
                .isInstanceOf(Authentication.Authenticated.class);
        assertThat(authenticate("Basic " + key)).isInstanceOf(Authentication.Invalid.class);
    }

    @Test
    void missesACredentialThatIsNotThereOrBlank() {
        assertThat(authenticate(null)).isInstanceOf(Authentication.Missing.class);
        assertThat(authenticate("  ")).isInstanceOf(Authentication.Missing.class);
        assertThat(authenticate("Bearer x")).isInstanceOf(Authentication.Invalid.class);
    }

    @Test
    void rejectsAKeyWithAnotherSecret() {
        String key = key(null);
        String other = ApiKeyFormat.generate();
        ApiKeyFormat.Parsed parsed = ApiKeyFormat.parse(other).orElseThrow();
        feed.put(
                FeedKind.API_KEY,
                parsed.keyId(),
                apiKey(parsed.keyId(), ApiKeyFormat.parse(key).orElseThrow().secretHash(), null));

        assertThat(authenticate("Bearer " + other)).isInstanceOf(Authentication.Invalid.class);
    }

    @Test
    void rejectsAKeyThatIsUnknownRevokedOrMistyped() {
        String key = key(null);
        feed.put(FeedKind.API_KEY, ApiKeyFormat.parse(key).orElseThrow().keyId(), null);

        assertThat(authenticate("Bearer " + key, "1")).isInstanceOf(Authentication.Invalid.class);
        assertThat(authenticate("Bearer " + ApiKeyFormat.generate(), "2"))
                .isInstanceOf(Authentication.Invalid.class);
        assertThat(authenticate("Bearer atr_x", "3")).isInstanceOf(Authentication.Invalid.class);
    }

    @Test
    void rejectsAKeyFromTheMomentItExpires() {
        assertThat(authenticate("Bearer " + key(NOW.plusMillis(1))))
                .isInstanceOf(Authentication.Authenticated.class);
        assertThat(authenticate("Bearer " + key(NOW))).isInstanceOf(Authentication.Invalid.class);
    }

    @Test
    void rejectsKeysAndTokensOfATenantThatIsSuspendedOrGone() {
        String key = key(null);
        String token = token("u1");
        authenticate("Bearer " + token);

        tenantIs(false);
        Authentication suspendedKey = authenticate("Bearer " + key, "1");
        Authentication suspendedToken = authenticate("Bearer " + token, "2");
        feed.put(FeedKind.TENANT, tenant.toString(), null);

        assertThat(suspendedKey).isInstanceOf(Authentication.Invalid.class);
        assertThat(suspendedToken).isInstanceOf(Authentication.Invalid.class);
        assertThat(authenticate("Bearer " + key, "3")).isInstanceOf(Authentication.Invalid.class);
        assertThat(authenticate("Bearer " + token, "4")).isInstanceOf(Authentication.Invalid.class);
    }

    @Test
    void rejectsTheTokensOfSomebodyWhoIsBlockedThoughTheyWereVerified() {
        String token = token("u1");
        assertThat(authenticate("Bearer " + token))
                .isInstanceOf(Authentication.Authenticated.class);

        feed.put(FeedKind.BLOCKED_PRINCIPAL, "u1", new FeedBlockedPrincipal("u1", NOW));

        assertThat(authenticate("Bearer " + token)).isInstanceOf(Authentication.Invalid.class);
        assertThat(authenticate("Bearer " + token("u2")))
                .isInstanceOf(Authentication.Authenticated.class);
    }

    @Test
    void throttlesAnAddressWithTooManyWrongKeys() {
        wrong(FAILURES);

        assertThat(authenticate("Bearer " + ApiKeyFormat.generate()))
                .isEqualTo(new Authentication.Throttled(Duration.ofMinutes(1)));
        assertThat(authenticate("Bearer " + ApiKeyFormat.generate(), "4.3.2.1"))
                .isInstanceOf(Authentication.Invalid.class);
    }

    @Test
    void aNeighbourWithWrongCredentialsLocksNobodyOut() {
        String key = key(null);
        String known = token("u1");
        authenticate("Bearer " + known);
        wrong(FAILURES + 1);

        assertThat(authenticate("Bearer " + key)).isInstanceOf(Authentication.Authenticated.class);
        assertThat(authenticate("Bearer " + known))
                .isInstanceOf(Authentication.Authenticated.class);
    }

    @Test
    void sparesTheWorkOfVerifyingForAnAddressThatWasWrongTooOften() {
        wrong(FAILURES);

        assertThat(authenticate("Bearer " + token("u1")))
                .isEqualTo(new Authentication.Throttled(Duration.ofMinutes(1)));
    }

    @Test
    void cannotTellTokensBeforeItHasSigningKeys() throws JOSEException {
        String token = token("u1");
        signingKeys.replace(new JWKSet());

        assertThat(authenticator.knowsSigningKeys()).isFalse();
        assertThat(authenticate("Bearer " + token)).isInstanceOf(Authentication.Unavailable.class);
        assertThat(authenticate("Bearer " + key(null)))
                .isInstanceOf(Authentication.Authenticated.class);
        signingKeys.replace(new JWKSet(ISSUER.key().toPublicJWK()));
        assertThat(authenticator.knowsSigningKeys()).isTrue();
    }

    @Test
    void cannotTellAnythingWhenItHasNotHeardOfTheRegistryForTooLong() {
        String key = key(null);

        nanos.addAndGet(TestFeed.MAX_STALENESS.toNanos());
        Authentication inTime = authenticate("Bearer " + key);
        nanos.incrementAndGet();

        assertThat(inTime).isInstanceOf(Authentication.Authenticated.class);
        assertThat(authenticate("Bearer " + key)).isInstanceOf(Authentication.Unavailable.class);
    }

    @Test
    void aCallerMayDoWhatItsScopesAndModelsSay() {
        Caller limited =
                ((Authentication.Authenticated) authenticate("Bearer " + key(null))).caller();
        Caller free =
                ((Authentication.Authenticated) authenticate("Bearer " + token("u1"))).caller();

        assertThat(limited.has(Scope.INFERENCE_INVOKE)).isTrue();
        assertThat(limited.has(Scope.MODELS_READ)).isFalse();
        assertThat(limited.mayUse("acme/chat")).isTrue();
        assertThat(limited.mayUse("acme/other")).isFalse();
        assertThat(free.mayUse("acme/other")).isTrue();
    }

    private Authentication authenticate(@Nullable String authorization) {
        return authenticate(authorization, ADDRESS);
    }

    private Authentication authenticate(@Nullable String authorization, String address) {
        return authenticator.authenticate(authorization, address);
    }

    private void wrong(int times) {
        for (int i = 0; i < times; i++) {
            authenticate("Bearer " + ApiKeyFormat.generate());
        }
    }

    private void tenantIs(boolean active) {
        feed.put(FeedKind.TENANT, tenant.toString(), new FeedTenant(tenant, "acme", active));
    }

    private String token(String principal) {
        return ISSUER.sign(ISSUER.claims(tenant.value(), project.value(), principal, NOW));
    }

    private String key(@Nullable Instant expiresAt) {
        String text = ApiKeyFormat.generate();
        ApiKeyFormat.Parsed parsed = ApiKeyFormat.parse(text).orElseThrow();
        feed.put(
                FeedKind.API_KEY,
                parsed.keyId(),
                apiKey(parsed.keyId(), parsed.secretHash(), expiresAt));
        return text;
    }

    private FeedApiKey apiKey(String id, String secretHash, @Nullable Instant expiresAt) {
        return new FeedApiKey(
                id,
                tenant,
                project,
                secretHash,
                List.of("inference:invoke"),
                List.of("acme/chat"),
                60,
                expiresAt,
                "night-run");
    }
}
