package dev.atrium.gateway.authentication;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.atrium.registry.api.identity.PrincipalKind;
import dev.atrium.registry.api.identity.Scope;
import dev.atrium.registry.api.identity.TokenClaims;
import dev.atrium.registry.api.tenancy.ProjectId;
import dev.atrium.registry.api.tenancy.TenantId;
import java.text.ParseException;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Verifies access tokens (RFC 9068) of the one issuer: RS256 and nothing else, type {@code at+jwt},
 * our audience, times within the skew. Keys named or carried by the token itself ({@code jku},
 * {@code x5u}, {@code jwk}) are never used.
 */
@Component
class AccessTokens {
    private static final int LONGEST = 8_192;

    private final AuthenticationProperties properties;
    private final SigningKeys keys;
    private final Clock clock;
    private final Cache<String, VerifiedToken> verified;

    AccessTokens(AuthenticationProperties properties, SigningKeys keys, Clock clock) {
        this.properties = properties;
        this.keys = keys;
        this.clock = clock;
        this.verified =
                Caffeine.newBuilder()
                        .maximumSize(properties.tokenCacheSize())
                        .executor(Runnable::run)
                        .build();
    }

    /** Whether any signing key is known yet. */
    boolean canVerify() {
        return keys.isLoaded();
    }

    /** A token whose signature was checked before and that has not expired since. */
    Optional<VerifiedToken> verifiedBefore(String text) {
        VerifiedToken token = text.length() > LONGEST ? null : verified.getIfPresent(text);
        if (token == null) {
            return Optional.empty();
        }
        if (isOver(token.expiresAt())) {
            verified.invalidate(text);
            return Optional.empty();
        }
        return Optional.of(token);
    }

    Optional<VerifiedToken> verify(String text) {
        if (text.length() > LONGEST) {
            return Optional.empty();
        }
        try {
            SignedJWT token = SignedJWT.parse(text);
            if (!isSignedByIssuer(token)) {
                return Optional.empty();
            }
            Optional<VerifiedToken> accepted = accept(token.getJWTClaimsSet());
            accepted.ifPresent(value -> verified.put(text, value));
            return accepted;
        } catch (ParseException | JOSEException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private boolean isSignedByIssuer(SignedJWT token) throws JOSEException {
        JWSHeader header = token.getHeader();
        if (!JWSAlgorithm.RS256.equals(header.getAlgorithm())
                || header.getType() == null
                || !TokenClaims.TYPE.equalsIgnoreCase(header.getType().getType())
                || header.getKeyID() == null) {
            return false;
        }
        Optional<JWSVerifier> verifier = keys.verifier(header.getKeyID());
        return verifier.isPresent() && token.verify(verifier.get());
    }

    private Optional<VerifiedToken> accept(JWTClaimsSet claims) throws ParseException {
        Instant expiresAt = instant(claims.getExpirationTime());
        Instant notBefore = instant(claims.getNotBeforeTime());
        String principal = claims.getStringClaim(TokenClaims.PRINCIPAL);
        String tenant = claims.getStringClaim(TokenClaims.TENANT);
        String project = claims.getStringClaim(TokenClaims.PROJECT);
        Optional<PrincipalKind> kind = kind(claims.getStringClaim(TokenClaims.PRINCIPAL_KIND));
        if (!properties.issuer().equals(claims.getIssuer())
                || !claims.getAudience().contains(TokenClaims.AUDIENCE)
                || expiresAt == null
                || isOver(expiresAt)
                || (notBefore != null && isAhead(notBefore))
                || principal == null
                || !principal.equals(claims.getSubject())
                || tenant == null
                || project == null
                || kind.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new VerifiedToken(
                        TenantId.of(tenant),
                        ProjectId.of(project),
                        kind.get(),
                        principal,
                        scopes(claims.getStringClaim(TokenClaims.SCOPE)),
                        expiresAt));
    }

    private boolean isOver(Instant expiresAt) {
        return !clock.instant().isBefore(expiresAt.plus(properties.clockSkew()));
    }

    private boolean isAhead(Instant notBefore) {
        return clock.instant().isBefore(notBefore.minus(properties.clockSkew()));
    }

    private static @Nullable Instant instant(@Nullable Date date) {
        return date == null ? null : date.toInstant();
    }

    private static Optional<PrincipalKind> kind(@Nullable String text) {
        return switch (text) {
            case "user" -> Optional.of(PrincipalKind.USER);
            case "service_account" -> Optional.of(PrincipalKind.SERVICE_ACCOUNT);
            case null, default -> Optional.empty();
        };
    }

    private static Set<Scope> scopes(@Nullable String text) {
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        if (text != null) {
            for (String name : text.split(" ")) {
                Scope.fromWireName(name).ifPresent(scopes::add);
            }
        }
        return Set.copyOf(scopes);
    }
}
