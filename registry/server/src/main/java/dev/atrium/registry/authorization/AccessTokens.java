package dev.atrium.registry.authorization;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import dev.atrium.registry.api.identity.Scope;
import dev.atrium.registry.api.identity.TokenClaims;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.identity.BearerCredentials;
import dev.atrium.registry.web.PublicUrls;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.stereotype.Component;

/**
 * Our own access tokens as credentials of the management API: RS256 by one of our keys, type,
 * issuer, audience and time right, and the principal still in the standing that the token claims.
 */
@Component
class AccessTokens implements BearerCredentials {
    private static final int MAX_LENGTH = 8_000;

    private final JwtDecoder decoder;
    private final Standings standings;

    AccessTokens(SigningKeys keys, PublicUrls urls, Standings standings) {
        this.decoder = decoder(keys, urls.registry());
        this.standings = standings;
    }

    static JwtDecoder decoder(SigningKeys keys, String issuer) {
        NimbusJwtDecoder decoder =
                NimbusJwtDecoder.withJwkSource(keys)
                        .jwsAlgorithm(SignatureAlgorithm.RS256)
                        .jwtProcessorCustomizer(processor ->
                                processor.setJWSTypeVerifier(
                                        new DefaultJOSEObjectTypeVerifier<>(
                                                new JOSEObjectType(TokenClaims.TYPE))))
                        .build();
        decoder.setJwtValidator(
                new DelegatingOAuth2TokenValidator<>(
                        new JwtTimestampValidator(),
                        new JwtIssuerValidator(issuer),
                        new JwtClaimValidator<>("exp", expiry -> expiry != null),
                        new JwtClaimValidator<@Nullable List<String>>(
                                "aud",
                                audience ->
                                        audience != null
                                                && audience.contains(TokenClaims.AUDIENCE))));
        return decoder;
    }

    /** Whatever no other kind recognises by its prefix. */
    @Override
    public boolean recognise(String credential) {
        return credential.startsWith("ey");
    }

    @Override
    public Optional<Verified> verify(String credential) {
        if (credential.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        try {
            Jwt jwt = decoder.decode(credential);
            return standing(jwt)
                    .map(standing ->
                            new Verified(
                                    standing.callerWith(scopes(jwt)),
                                    standing.mustChangePassword()));
        } catch (JwtException | IllegalArgumentException notOurs) {
            return Optional.empty();
        }
    }

    private Optional<Standing> standing(Jwt jwt) {
        String principal = String.valueOf(jwt.getClaimAsString(TokenClaims.PRINCIPAL));
        TenantId tenant = TenantId.of(String.valueOf(jwt.getClaimAsString(TokenClaims.TENANT)));
        Optional<Standing> standing =
                "user".equals(jwt.getClaimAsString(TokenClaims.PRINCIPAL_KIND))
                        ? standings.ofUser(UUID.fromString(principal), tenant)
                        : Clients.OPERATOR.equals(principal)
                                ? standings.ofOperator()
                                : standings.ofServiceAccount(UUID.fromString(principal));
        return standing.filter(now -> now.tenant().equals(tenant));
    }

    private static Set<Scope> scopes(Jwt jwt) {
        return Stream.of(String.valueOf(jwt.getClaimAsString(TokenClaims.SCOPE)).split(" "))
                .flatMap(name -> Scope.fromWireName(name).stream())
                .collect(Collectors.toSet());
    }
}
