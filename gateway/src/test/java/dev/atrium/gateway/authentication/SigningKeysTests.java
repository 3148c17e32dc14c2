package dev.atrium.gateway.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.atrium.gateway.testing.TokenIssuer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SigningKeysTests {
    private static final RSAKey KEY = new TokenIssuer("issuer", "k1").key();

    private final SigningKeys keys = new SigningKeys();

    @Test
    void areUnknownUntilTheyAreFetched() throws JOSEException {
        assertThat(keys.isLoaded()).isFalse();

        keys.replace(new JWKSet(KEY.toPublicJWK()));

        assertThat(keys.isLoaded()).isTrue();
        assertThat(keys.verifier("k1")).isPresent();
    }

    @Test
    void areForgottenWhenTheyAreNotPublishedAnyMore() throws JOSEException {
        keys.replace(new JWKSet(KEY.toPublicJWK()));

        keys.replace(new JWKSet());

        assertThat(keys.verifier("k1")).isEmpty();
        assertThat(keys.isLoaded()).isFalse();
    }

    @Test
    void areOnlyThoseOfTheKindThatTokensAreSignedWith() throws JOSEException {
        JWK curve = new ECKeyGenerator(Curve.P_256).keyID("k2").generate().toPublicJWK();
        JWK nameless = new RSAKey.Builder(KEY.toRSAPublicKey()).build();

        keys.replace(new JWKSet(List.of(curve, nameless, KEY.toPublicJWK())));

        assertThat(keys.verifier("k1")).isPresent();
        assertThat(keys.verifier("k2")).isEmpty();
    }

    @Test
    void areAskedForOnceHoweverManyUnknownOnesAreNamed() throws Exception {
        keys.verifier("k1");
        keys.verifier("k2");

        assertThat(keys.awaitDemand(Duration.ZERO)).isTrue();
        assertThat(keys.awaitDemand(Duration.ZERO)).isFalse();
    }

    @Test
    void areNotAskedForWhileTheyAreKnownOrHaveJustBeenFetched() throws Exception {
        keys.verifier("k1");

        keys.replace(new JWKSet(KEY.toPublicJWK()));
        keys.verifier("k1");

        assertThat(keys.awaitDemand(Duration.ZERO)).isFalse();
    }
}
