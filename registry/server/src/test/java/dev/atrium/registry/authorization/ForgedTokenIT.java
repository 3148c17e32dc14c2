package dev.atrium.registry.authorization;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.atrium.registry.Answer;
import dev.atrium.registry.RegistryTest;
import dev.atrium.registry.TestTenant;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Tokens that look right but for one thing; each is refused the same way. */
class ForgedTokenIT extends RegistryTest {
    @Autowired SigningKeys keys;
    private TestTenant acme;
    private SignedJWT genuine;

    @BeforeEach
    void signIn() throws Exception {
        acme = tenant("forged");
        genuine = SignedJWT.parse(acme.ownerToken());
    }

    @Test
    void genuineTokenSignedAnewIsGood() throws Exception {
        assertThat(call(signed(claims -> claims)).status()).isEqualTo(200);
    }

    @Test
    void refusesOtherAudiencesIssuersAndTimes() throws Exception {
        Instant longAgo = Instant.now().minus(Duration.ofHours(1));
        assertRefused(signed(claims -> claims.audience("portal")));
        assertRefused(signed(claims -> claims.audience((String) null)));
        assertRefused(signed(claims -> claims.issuer("http://evil.test")));
        assertRefused(signed(claims -> claims.issuer(null)));
        assertRefused(signed(claims -> claims.expirationTime(Date.from(longAgo))));
        assertRefused(signed(claims -> claims.expirationTime(null)));
        assertRefused(
                signed(claims ->
                        claims.notBeforeTime(Date.from(Instant.now().plus(Duration.ofHours(1))))));
    }

    @Test
    void refusesOtherTypes() throws Exception {
        String idToken =
                browser()
                        .signIn(acme.ownerEmail(), TestTenant.PASSWORD)
                        .json()
                        .path("id_token")
                        .asString();

        assertRefused(idToken);
        assertRefused(signed(keys.signing(), new JOSEObjectType("JWT"), claims -> claims));
        assertRefused(signed(keys.signing(), null, claims -> claims));
    }

    @Test
    void refusesOtherAlgorithms() throws Exception {
        JWTClaimsSet claims = genuine.getJWTClaimsSet();
        SignedJWT byPublicKey =
                new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.HS256)
                                .type(new JOSEObjectType("at+jwt"))
                                .keyID(keys.signing().getKeyID())
                                .build(),
                        claims);
        byPublicKey.sign(new MACSigner(keys.signing().toRSAPublicKey().getEncoded()));
        String payload = genuine.serialize().split("\\.")[1];

        assertRefused(new PlainJWT(claims).serialize());
        assertRefused(byPublicKey.serialize());
        assertRefused(header("{\"alg\":\"none\",\"typ\":\"at+jwt\"}") + "." + payload + ".");
        assertRefused(header("{\"alg\":\"NoNe\",\"typ\":\"at+jwt\"}") + "." + payload + ".");
    }

    @Test
    void refusesOtherKeysWhereverTheyAreOffered() throws Exception {
        RSAKey own = new RSAKeyGenerator(2048).keyID(keys.signing().getKeyID()).generate();
        SignedJWT embedded =
                new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.RS256)
                                .type(new JOSEObjectType("at+jwt"))
                                .jwk(own.toPublicJWK())
                                .build(),
                        genuine.getJWTClaimsSet());
        embedded.sign(new RSASSASigner(own));

        assertRefused(signed(own, new JOSEObjectType("at+jwt"), claims -> claims));
        assertRefused(embedded.serialize());
    }

    @Test
    void refusesChangedAndBrokenTokens() throws Exception {
        String[] parts = genuine.serialize().split("\\.");
        String changed =
                Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(
                                new String(Base64.getUrlDecoder().decode(parts[1]))
                                        .replace("models:read", "models:wxyz")
                                        .getBytes());

        assertRefused(parts[0] + "." + changed + "." + parts[2]);
        assertRefused(parts[0] + "." + parts[1] + ".");
        assertRefused(genuine.serialize() + ".x.y");
        assertRefused("ey" + "x".repeat(6_000));
        assertRefused("not a token");
        assertRefused("");
    }

    @Test
    void refusesATenantThatTheUserIsNoMemberOf() throws Exception {
        TestTenant globex = tenant("forged");

        assertRefused(signed(claims -> claims.claim("atrium_tenant", globex.id().toString())));
    }

    @Test
    void scopesBeyondTheRoleAreWorthNothing() throws Exception {
        String token = signed(claims -> claims.claim("scope", "platform:admin models:read"));

        assertThat(http().get("/api/v1/admin/tenants", token).status()).isEqualTo(403);
    }

    private String signed(UnaryOperator<JWTClaimsSet.Builder> change) throws Exception {
        return signed(keys.signing(), new JOSEObjectType("at+jwt"), change);
    }

    private String signed(
            RSAKey key, JOSEObjectType type, UnaryOperator<JWTClaimsSet.Builder> change)
            throws Exception {
        JWTClaimsSet claims =
                change.apply(new JWTClaimsSet.Builder(genuine.getJWTClaimsSet())).build();
        SignedJWT jwt =
                new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.RS256)
                                .type(type)
                                .keyID(key.getKeyID())
                                .build(),
                        claims);
        jwt.sign(new RSASSASigner(key));
        return jwt.serialize();
    }

    private static String header(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes());
    }

    private void assertRefused(String token) {
        Answer answer = call(token);

        assertThat(answer.status()).as(token).isEqualTo(401);
        assertThat(answer.code()).isEqualTo("unauthenticated");
        assertThat(answer.response().headers().allValues("WWW-Authenticate"))
                .isEqualTo(List.of("Bearer realm=\"atrium\", error=\"invalid_token\""));
    }

    private Answer call(String token) {
        return http().get("/api/v1/me", token);
    }
}
