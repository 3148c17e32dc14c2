package dev.atrium.registry.authorization;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jwt.SignedJWT;
import dev.atrium.registry.api.identity.TokenClaims;
import dev.atrium.registry.identity.Users;
import dev.atrium.registry.web.PublicUrls;
import jakarta.servlet.http.HttpServletResponse;
import java.text.ParseException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.oauth2.server.authorization.OAuth2AuthorizationServerConfigurer;
import org.springframework.security.config.annotation.web.configurers.oauth2.server.authorization.OidcLogoutEndpointConfigurer;
import org.springframework.security.core.session.SessionRegistry;
import org.springframework.security.oauth2.core.oidc.OidcScopes;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.authentication.ClientSecretAuthenticationProvider;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AccessTokenAuthenticationContext;
import org.springframework.security.oauth2.server.authorization.settings.AuthorizationServerSettings;
import org.springframework.security.oauth2.server.authorization.web.authentication.OAuth2AccessTokenResponseAuthenticationSuccessHandler;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.LoginUrlAuthenticationEntryPoint;
import org.springframework.security.web.context.SecurityContextHolderFilter;
import org.springframework.security.web.savedrequest.HttpSessionRequestCache;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;
import org.springframework.session.security.SpringSessionBackedSessionRegistry;

/** Spring Authorization Server, wired to our clients, keys, tokens and tables. */
@Configuration(proxyBeanMethods = false)
class AuthorizationServerSecurity {
    @Bean
    @Order(20)
    SecurityFilterChain authorizationServer(HttpSecurity http, Users users) {
        OAuth2AuthorizationServerConfigurer server = new OAuth2AuthorizationServerConfigurer();
        HttpSessionRequestCache requests = new HttpSessionRequestCache();
        LoginUrlAuthenticationEntryPoint login = new LoginUrlAuthenticationEntryPoint("/login");
        login.setFavorRelativeUris(true);
        return http.securityMatcher(server.getEndpointsMatcher())
                .with(
                        server,
                        it ->
                                it.oidc(oidc ->
                                                oidc.logoutEndpoint(
                                                        AuthorizationServerSecurity::askInstead))
                                        .clientAuthentication(client ->
                                                client.authenticationProviders(
                                                        AuthorizationServerSecurity::compareByHash))
                                        .tokenEndpoint(token ->
                                                token.accessTokenResponseHandler(tokenResponses())))
                .authorizeHttpRequests(requestsAre -> requestsAre.anyRequest().authenticated())
                .requestCache(cache -> cache.requestCache(requests))
                .addFilterAfter(
                        new PasswordChangeGate(users, requests), SecurityContextHolderFilter.class)
                .exceptionHandling(handling -> handling.authenticationEntryPoint(login))
                .build();
    }

    /**
     * A sign-out that we cannot tie to its session, such as one with the ID token of before a
     * refresh, is confirmed by the person instead of ending in an error.
     */
    private static void askInstead(OidcLogoutEndpointConfigurer logout) {
        logout.errorResponseHandler((request, response, refused) -> {
            response.setStatus(HttpServletResponse.SC_FOUND);
            response.setHeader(HttpHeaders.LOCATION, "/sign-out");
        });
    }

    private static void compareByHash(List<AuthenticationProvider> providers) {
        for (var provider : providers) {
            if (provider instanceof ClientSecretAuthenticationProvider secrets) {
                secrets.setPasswordEncoder(new ClientSecrets());
            }
        }
    }

    /** Says the scopes that the token really has, which may be fewer than the ones asked for. */
    private static OAuth2AccessTokenResponseAuthenticationSuccessHandler tokenResponses() {
        var handler = new OAuth2AccessTokenResponseAuthenticationSuccessHandler();
        handler.setAccessTokenResponseCustomizer(AuthorizationServerSecurity::tellRealScopes);
        return handler;
    }

    private static void tellRealScopes(OAuth2AccessTokenAuthenticationContext context) {
        var response = context.getAccessTokenResponse();
        var issued = response.build();
        Set<String> scopes = new LinkedHashSet<>(issued.getAccessToken().getScopes());
        scopes.retainAll(Set.of(OidcScopes.OPENID, OidcScopes.PROFILE));
        try {
            String granted =
                    SignedJWT.parse(issued.getAccessToken().getTokenValue())
                            .getJWTClaimsSet()
                            .getStringClaim(TokenClaims.SCOPE);
            scopes.addAll(List.of(granted.split(" ")));
        } catch (ParseException e) {
            throw new IllegalStateException("our own token cannot be read", e);
        }
        scopes.remove("");
        response.scopes(scopes);
    }

    @Bean
    AuthorizationServerSettings authorizationServerSettings(PublicUrls urls) {
        return AuthorizationServerSettings.builder().issuer(urls.registry()).build();
    }

    @Bean
    OAuth2AuthorizationService authorizations(
            @Qualifier("platformJdbcTemplate") JdbcTemplate jdbc, Clients clients) {
        return new HashedAuthorizations(jdbc, clients);
    }

    @Bean
    JwtEncoder jwtEncoder(SigningKeys keys) {
        return parameters ->
                new NimbusJwtEncoder(new ImmutableJWKSet<>(new JWKSet(keys.signing())))
                        .encode(parameters);
    }

    /** For {@code /userinfo}, which looks its token up in the open authorizations as well. */
    @Bean
    JwtDecoder jwtDecoder(SigningKeys keys, PublicUrls urls) {
        return AccessTokens.decoder(keys, urls.registry());
    }

    /** One for all registries, so that a sign-out at any of them knows the session. */
    @Bean
    SessionRegistry sessionRegistry(FindByIndexNameSessionRepository<? extends Session> sessions) {
        return new SpringSessionBackedSessionRegistry<>(sessions);
    }
}
