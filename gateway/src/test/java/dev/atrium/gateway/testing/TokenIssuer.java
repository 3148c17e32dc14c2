package dev.atrium.gateway.testing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.atrium.registry.api.identity.TokenClaims;
import java.time.Instant;
import java.util.Date;
import java.util.UUID;

/** An authorization server's signing: makes access tokens as the registry does. */
public final class TokenIssuer {
    private final RSAKey key;
    private final String issuer;

    public TokenIssuer(String issuer, String keyId) {
        this.issuer = issuer;
        try {
            this.key = new RSAKeyGenerator(2_048).keyID(keyId).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    public RSAKey key() {
        return key;
    }

    /** Claims of a good token; tests spoil what they are about. */
    public JWTClaimsSet.Builder claims(UUID tenant, UUID project, String principal, Instant now) {
        return new JWTClaimsSet.Builder()
                .issuer(issuer)
                .audience(TokenClaims.AUDIENCE)
                .subject(principal)
                .jwtID(UUID.randomUUID().toString())
                .issueTime(Date.from(now))
                .notBeforeTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(600)))
                .claim("client_id", "portal")
                .claim(TokenClaims.SCOPE, "openid inference:invoke models:read")
                .claim(TokenClaims.TENANT, tenant.toString())
                .claim(TokenClaims.PROJECT, project.toString())
                .claim(TokenClaims.PRINCIPAL_KIND, "user")
                .claim(TokenClaims.PRINCIPAL, principal);
    }

    public JWSHeader.Builder header() {
        return new JWSHeader.Builder(JWSAlgorithm.RS256)
                .type(new JOSEObjectType(TokenClaims.TYPE))
                .keyID(key.getKeyID());
    }

    public String sign(JWTClaimsSet.Builder claims) {
        return sign(header(), claims);
    }

    public String sign(JWSHeader.Builder header, JWTClaimsSet.Builder claims) {
        try {
            SignedJWT token = new SignedJWT(header.build(), claims.build());
            token.sign(new RSASSASigner(key));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
