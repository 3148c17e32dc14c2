package dev.atrium.registry.authorization;

import dev.atrium.registry.api.identity.Scope;
import dev.atrium.registry.web.PublicUrls;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.oidc.OidcScopes;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.settings.ClientSettings;
import org.springframework.security.oauth2.server.authorization.settings.TokenSettings;
import org.springframework.stereotype.Component;
import org.springframework.util.StringUtils;

/** The portal and the operator from configuration, service accounts from the database. */
@Component
class Clients implements RegisteredClientRepository {
    static final String PORTAL = "portal";
    static final String OPERATOR = "atrium-operator";
    private static final String ACCOUNT =
            """
            SELECT id, client_id, secret_hash, scopes FROM service_account
            WHERE deleted_at IS NULL AND\s\
            """;

    private final JdbcClient jdbc;
    private final AuthorizationProperties properties;
    private final @Nullable RegisteredClient portal;
    private final @Nullable RegisteredClient operator;

    Clients(
            @Qualifier("platformJdbc") JdbcClient jdbc,
            AuthorizationProperties properties,
            PublicUrls urls) {
        this.jdbc = jdbc;
        this.properties = properties;
        this.portal =
                StringUtils.hasText(properties.portalClientSecret())
                        ? portal(properties.portalClientSecret(), urls)
                        : null;
        this.operator =
                StringUtils.hasText(properties.operatorClientSecret())
                        ? operator(properties.operatorClientSecret())
                        : null;
    }

    private RegisteredClient portal(String secret, PublicUrls urls) {
        return client(PORTAL, PORTAL, ClientSecrets.hash(secret))
                .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
                .authorizationGrantType(AuthorizationGrantType.REFRESH_TOKEN)
                .redirectUri(urls.portal() + "/login/oauth2/code/atrium")
                .postLogoutRedirectUri(urls.portal() + "/")
                .scope(OidcScopes.OPENID)
                .scope(OidcScopes.PROFILE)
                .scopes(scopes -> scopes.addAll(everyScope()))
                .build();
    }

    private RegisteredClient operator(String secret) {
        return client(OPERATOR, OPERATOR, ClientSecrets.hash(secret))
                .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
                .scopes(scopes -> scopes.addAll(everyScope()))
                .build();
    }

    private static List<String> everyScope() {
        return Arrays.stream(Scope.values()).map(Scope::wireName).toList();
    }

    private RegisteredClient.Builder client(String id, String clientId, String secretHash) {
        return RegisteredClient.withId(id)
                .clientId(clientId)
                .clientName(clientId)
                .clientSecret(secretHash)
                .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_POST)
                .clientSettings(ClientSettings.builder().requireProofKey(true).build())
                .tokenSettings(
                        TokenSettings.builder()
                                .accessTokenTimeToLive(properties.accessTokenLifetime())
                                .refreshTokenTimeToLive(properties.refreshTokenLifetime())
                                .authorizationCodeTimeToLive(properties.codeLifetime())
                                .reuseRefreshTokens(false)
                                .build());
    }

    @Override
    public void save(RegisteredClient client) {
        throw new UnsupportedOperationException("clients come from configuration and tenancy");
    }

    @Override
    public @Nullable RegisteredClient findById(String id) {
        return switch (id) {
            case PORTAL -> portal;
            case OPERATOR -> operator;
            default -> account(ACCOUNT + "id = ?::uuid", id);
        };
    }

    @Override
    public @Nullable RegisteredClient findByClientId(String clientId) {
        return switch (clientId) {
            case PORTAL -> portal;
            case OPERATOR -> operator;
            default -> account(ACCOUNT + "client_id = ?", clientId);
        };
    }

    private @Nullable RegisteredClient account(String query, String key) {
        return jdbc.sql(query).params(key).query(this::account).optional().orElse(null);
    }

    private RegisteredClient account(ResultSet row, int number) throws SQLException {
        List<String> scopes = List.of((String[]) row.getArray("scopes").getArray());
        return client(
                        row.getObject("id", UUID.class).toString(),
                        row.getString("client_id"),
                        row.getString("secret_hash"))
                .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
                .scopes(all -> all.addAll(scopes))
                .build();
    }
}
