package dev.atrium.gateway.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.atrium.gateway.testing.SettableClock;
import dev.atrium.gateway.testing.TokenIssuer;
import dev.atrium.registry.api.identity.PrincipalKind;
import dev.atrium.registry.api.identity.Scope;
import dev.atrium.registry.api.identity.TokenClaims;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AccessTokensTests {
    private static final TokenIssuer ISSUER = new TokenIssuer(TestProperties.ISSUER, "k1");
    private static final TokenIssuer STRANGER = new TokenIssuer(TestProperties.ISSUER, "k1");
    private static final UUID TENANT = UUID.randomUUID();
    private static final UUID PROJECT = UUID.randomUUID();

    private final SettableClock clock = new SettableClock(Instant.parse("2026-03-01T10:00:00Z"));
    private final SigningKeys keys = new SigningKeys();
    private final AccessTokens tokens = new AccessTokens(TestProperties.standard(), keys, clock);

    @BeforeEach
    void loadKeys() throws JOSEException {
        keys.replace(new JWKSet(ISSUER.key().toPublicJWK()));
    }

    @Test
    void acceptsATokenOfTheIssuer() {
        VerifiedToken token = tokens.verify(good()).orElseThrow();

        assertThat(token.tenantId().value()).isEqualTo(TENANT);
        assertThat(token.projectId().value()).isEqualTo(PROJECT);
        assertThat(token.principalKind()).isEqualTo(PrincipalKind.USER);
        assertThat(token.principalId()).isEqualTo("u1");
        assertThat(token.scopes()).isEqualTo(Set.of(Scope.INFERENCE_INVOKE, Scope.MODELS_READ));
    }

    @Test
    void acceptsAnAudienceAmongOthers() {
        String token = token(claims -> claims.audience(List.of("other", TokenClaims.AUDIENCE)));

        assertThat(tokens.verify(token)).isPresent();
    }

    @Test
    void rejectsClaimsOfOthers() {
        assertRejected(token(claims -> claims.issuer("https://evil.example")));
        assertRejected(token(claims -> claims.issuer(null)));
        assertRejected(token(claims -> claims.audience("portal")));
        assertRejected(token(claims -> claims.audience((String) null)));
        assertRejected(token(claims -> claims.subject("someone-else")));
        assertRejected(token(claims -> claims.claim(TokenClaims.TENANT, null)));
        assertRejected(token(claims -> claims.claim(TokenClaims.TENANT, "not-a-uuid")));
        assertRejected(token(claims -> claims.claim(TokenClaims.TENANT, 7)));
        assertRejected(token(claims -> claims.claim(TokenClaims.PROJECT, null)));
        assertRejected(token(claims -> claims.claim(TokenClaims.PRINCIPAL_KIND, "api_key")));
        assertRejected(token(claims -> claims.claim(TokenClaims.PRINCIPAL, null)));
        assertRejected(token(claims -> claims.claim(TokenClaims.SCOPE, List.of("a"))));
    }

    @Test
    void rejectsTimesBeyondTheSkew() {
        Instant now = clock.instant();

        assertRejected(token(claims -> claims.expirationTime(null)));
        assertRejected(token(claims -> claims.expirationTime(date(now.minusSeconds(30)))));
        assertThat(tokens.verify(token(it -> it.expirationTime(date(now.minusSeconds(29))))))
                .isPresent();
        assertRejected(token(claims -> claims.notBeforeTime(date(now.plusSeconds(31)))));
        assertThat(tokens.verify(token(it -> it.notBeforeTime(date(now.plusSeconds(30))))))
                .isPresent();
    }

    @Test
    void rejectsOtherTypesSuchAsAnIdToken() {
        assertRejected(ISSUER.sign(ISSUER.header().type(JOSEObjectType.JWT), claims()));
        assertRejected(ISSUER.sign(ISSUER.header().type(null), claims()));
    }

    @Test
    void rejectsOtherAlgorithms() throws JOSEException {
        byte[] publicKey = ISSUER.key().toRSAPublicKey().getEncoded();
        SignedJWT confused =
                new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.HS256)
                                .type(new JOSEObjectType(TokenClaims.TYPE))
                                .keyID("k1")
                                .build(),
                        claims().build());
        confused.sign(new MACSigner(publicKey));

        assertRejected(confused.serialize());
        assertRejected(new PlainJWT(claims().build()).serialize());
        assertRejected(withHeader("{\"alg\":\"NoNe\",\"typ\":\"at+jwt\",\"kid\":\"k1\"}"));
        assertRejected(
                ISSUER.sign(
                        new JWSHeader.Builder(JWSAlgorithm.RS512)
                                .type(new JOSEObjectType(TokenClaims.TYPE))
                                .keyID("k1"),
                        claims()));
    }

    @Test
    void rejectsKeysThatTheTokenBringsItself() {
        assertRejected(
                STRANGER.sign(STRANGER.header().jwk(STRANGER.key().toPublicJWK()), claims()));
        assertRejected(
                STRANGER.sign(
                        STRANGER.header().jwkURL(URI.create("http://127.0.0.1:1/jwks")), claims()));
        assertRejected(STRANGER.sign(STRANGER.header().keyID("../../k1"), claims()));
        assertRejected(ISSUER.sign(ISSUER.header().keyID(null), claims()));
    }

    @Test
    void rejectsCriticalHeadersItDoesNotUnderstand() {
        assertRejected(
                ISSUER.sign(
                        ISSUER.header().criticalParams(Set.of("exp")).customParam("exp", 1),
                        claims()));
    }

    @Test
    void rejectsWhatIsNoTokenAtAll() {
        String good = good();

        assertRejected("");
        assertRejected("a.b");
        assertRejected(good + ".x.y");
        assertRejected(good.substring(0, good.length() - 4));
        assertRejected(good.substring(0, good.lastIndexOf('.') + 1));
        assertRejected("x".repeat(100_000));
    }

    @Test
    void rejectsAClaimThatComesTwice() {
        String payload =
                "{\"aud\":\"x\",\"aud\":\"atrium\",\"iss\":\"" + TestProperties.ISSUER + "\"}";
        String good = good();
        String body =
                Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(payload.getBytes(StandardCharsets.UTF_8));

        assertRejected(
                good.substring(0, good.indexOf('.') + 1)
                        + body
                        + good.substring(good.lastIndexOf('.')));
    }

    @Test
    void rejectsATokenOfAnotherKeyUnderTheSameId() {
        assertRejected(STRANGER.sign(claims()));
    }

    @Test
    void remembersAVerifiedTokenUntilItExpires() throws JOSEException {
        String token = good();
        tokens.verify(token);
        keys.replace(new JWKSet());

        assertThat(tokens.verifiedBefore(token)).isPresent();
        clock.advance(Duration.ofSeconds(600 + 30));
        assertThat(tokens.verifiedBefore(token)).isEmpty();
    }

    @Test
    void asksForNewerKeysWhenItMeetsAnUnknownOne() throws InterruptedException {
        TokenIssuer rotated = new TokenIssuer(TestProperties.ISSUER, "k2");

        tokens.verify(rotated.sign(claims()));

        assertThat(keys.awaitDemand(Duration.ofSeconds(1))).isTrue();
    }

    private void assertRejected(String token) {
        assertThat(tokens.verify(token)).isEmpty();
        assertThat(tokens.verifiedBefore(token)).isEmpty();
    }

    private String good() {
        return ISSUER.sign(claims());
    }

    private String token(UnaryOperator<JWTClaimsSet.Builder> spoil) {
        return ISSUER.sign(spoil.apply(claims()));
    }

    private JWTClaimsSet.Builder claims() {
        return ISSUER.claims(TENANT, PROJECT, "u1", clock.instant());
    }

    private String withHeader(String header) {
        String good = good();
        return Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(header.getBytes(StandardCharsets.UTF_8))
                + good.substring(good.indexOf('.'));
    }

    private static Date date(Instant time) {
        return Date.from(time);
    }
}
