package dev.atrium.registry.authorization;

import dev.atrium.registry.api.identity.Scope;
import dev.atrium.registry.api.identity.TokenClaims;
import dev.atrium.registry.api.tenancy.UserId;
import dev.atrium.registry.identity.Caller;
import dev.atrium.registry.identity.User;
import dev.atrium.registry.identity.Users;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.oidc.endpoint.OidcParameterNames;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.token.JwtEncodingContext;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenCustomizer;
import org.springframework.stereotype.Component;

/**
 * What stands in our tokens: access tokens as RFC 9068 wants them with {@link TokenClaims}, their
 * scopes cut to what the principal may do when the token is made; ID tokens with what the portal
 * greets its user by.
 */
@Component
class TokenContents implements OAuth2TokenCustomizer<JwtEncodingContext> {
    private final Standings standings;
    private final Users users;

    TokenContents(Standings standings, Users users) {
        this.standings = standings;
        this.users = users;
    }

    @Override
    public void customize(JwtEncodingContext context) {
        if (OAuth2TokenType.ACCESS_TOKEN.equals(context.getTokenType())) {
            fillAccessToken(context);
        } else if (OidcParameterNames.ID_TOKEN.equals(context.getTokenType().getValue())) {
            fillIdToken(context);
        }
    }

    private void fillAccessToken(JwtEncodingContext context) {
        Standing standing = standing(context);
        Caller caller = standing.callerWith(asked(context));
        RegisteredClient client = context.getRegisteredClient();
        context.getJwsHeader().type(TokenClaims.TYPE);
        context.getClaims()
                .subject(caller.principalId())
                .audience(storable(TokenClaims.AUDIENCE))
                .claim("client_id", client.getClientId())
                .claim(TokenClaims.SCOPE, wireNames(caller.scopes()))
                .claim(TokenClaims.TENANT, caller.tenantId().toString())
                .claim(TokenClaims.PROJECT, caller.projectId().toString())
                .claim(TokenClaims.PRINCIPAL_KIND, caller.kind().name().toLowerCase(Locale.ROOT))
                .claim(TokenClaims.PRINCIPAL, caller.principalId());
    }

    private Standing standing(JwtEncodingContext context) {
        Optional<Standing> standing =
                isForClient(context)
                        ? ofClient(context.getRegisteredClient())
                        : standings
                                .ofUser(UUID.fromString(userId(context)))
                                .filter(user -> !user.mustChangePassword());
        return standing.orElseThrow(() ->
                new OAuth2AuthenticationException(
                        new OAuth2Error(
                                OAuth2ErrorCodes.INVALID_GRANT,
                                "the principal may not sign in any more",
                                null)));
    }

    private static String userId(JwtEncodingContext context) {
        Authentication user = context.getPrincipal();
        return Objects.requireNonNull(user, "a code is given to a user").getName();
    }

    private Optional<Standing> ofClient(RegisteredClient client) {
        return client.getId().equals(Clients.OPERATOR)
                ? standings.ofOperator()
                : standings.ofServiceAccount(UUID.fromString(client.getId()));
    }

    private static boolean isForClient(JwtEncodingContext context) {
        return AuthorizationGrantType.CLIENT_CREDENTIALS.equals(
                context.getAuthorizationGrantType());
    }

    /** A program that asks for nothing in particular means all it was given. */
    private static Set<Scope> asked(JwtEncodingContext context) {
        Collection<String> names =
                isForClient(context) && context.getAuthorizedScopes().isEmpty()
                        ? context.getRegisteredClient().getScopes()
                        : context.getAuthorizedScopes();
        return names.stream()
                .flatMap(name -> Scope.fromWireName(name).stream())
                .collect(Collectors.toSet());
    }

    private static String wireNames(Set<Scope> scopes) {
        return scopes.stream().sorted().map(Scope::wireName).collect(Collectors.joining(" "));
    }

    private void fillIdToken(JwtEncodingContext context) {
        User user = users.find(UserId.of(userId(context))).orElseThrow();
        Standing standing = standing(context);
        context.getClaims()
                .claim("email", user.email())
                .claim("name", user.displayName())
                .claim("preferred_username", user.email())
                .claim(TokenClaims.TENANT, standing.tenant().toString())
                .claim("roles", roles(user, standing));
    }

    private static List<String> roles(User user, Standing standing) {
        String role = String.valueOf(standing.role());
        return user.platformAdmin() ? storable(role, "PLATFORM_ADMIN") : storable(role);
    }

    /** Claims are stored with the names of their classes, of which few are allowed. */
    private static List<String> storable(String... values) {
        return new ArrayList<>(List.of(values));
    }
}
