package dev.atrium.registry.authorization;

import dev.atrium.registry.api.apikey.ApiKeyFormat;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.core.OAuth2Token;
import org.springframework.security.oauth2.core.oidc.OidcIdToken;
import org.springframework.security.oauth2.server.authorization.JdbcOAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationCode;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;

/**
 * Keeps authorizations in PostgreSQL with hashes in the place of their tokens, so that who reads
 * the database can neither exchange a code nor refresh a sign-in.
 */
final class HashedAuthorizations extends JdbcOAuth2AuthorizationService {
    private static final String MARK = "sha256:";
    private static final OAuth2TokenType STATE = new OAuth2TokenType("state");

    HashedAuthorizations(JdbcOperations jdbc, RegisteredClientRepository clients) {
        super(jdbc, clients);
        setAuthorizationRowMapper(new JsonMapperOAuth2AuthorizationRowMapper(clients));
        setAuthorizationParametersMapper(new JsonMapperOAuth2AuthorizationParametersMapper());
    }

    @Override
    public void save(OAuth2Authorization authorization) {
        super.save(withValues(authorization, HashedAuthorizations::hash));
    }

    /** The overridden method takes null, for any type, but does not say so. */
    @Override
    @SuppressWarnings("NullAway")
    public @Nullable OAuth2Authorization findByToken(
            String token, @Nullable OAuth2TokenType tokenType) {
        if (STATE.equals(tokenType)) {
            return super.findByToken(token, STATE);
        }
        String hash = hash(token);
        OAuth2Authorization found = super.findByToken(hash, tokenType);
        return found == null
                ? null
                : withValues(found, value -> value.equals(hash) ? token : value);
    }

    private static String hash(String value) {
        return value.startsWith(MARK) ? value : MARK + ApiKeyFormat.sha256(value);
    }

    private static OAuth2Authorization withValues(
            OAuth2Authorization from, UnaryOperator<String> value) {
        OAuth2Authorization.Builder to = OAuth2Authorization.from(from);
        replace(
                to,
                from.getToken(OAuth2AuthorizationCode.class),
                code ->
                        new OAuth2AuthorizationCode(
                                value.apply(code.getTokenValue()),
                                Objects.requireNonNull(code.getIssuedAt()),
                                Objects.requireNonNull(code.getExpiresAt())));
        replace(
                to,
                from.getToken(OAuth2AccessToken.class),
                access ->
                        new OAuth2AccessToken(
                                access.getTokenType(),
                                value.apply(access.getTokenValue()),
                                access.getIssuedAt(),
                                access.getExpiresAt(),
                                access.getScopes()));
        replace(
                to,
                from.getToken(OAuth2RefreshToken.class),
                refresh ->
                        new OAuth2RefreshToken(
                                value.apply(refresh.getTokenValue()),
                                refresh.getIssuedAt(),
                                refresh.getExpiresAt()));
        replace(
                to,
                from.getToken(OidcIdToken.class),
                id ->
                        new OidcIdToken(
                                value.apply(id.getTokenValue()),
                                id.getIssuedAt(),
                                id.getExpiresAt(),
                                id.getClaims()));
        return to.build();
    }

    private static <T extends OAuth2Token> void replace(
            OAuth2Authorization.Builder to,
            OAuth2Authorization.@Nullable Token<T> token,
            UnaryOperator<T> replacement) {
        if (token != null) {
            to.token(
                    replacement.apply(token.getToken()),
                    metadata -> metadata.putAll(token.getMetadata()));
        }
    }
}
