package dev.atrium.portal.security;

import static com.vaadin.flow.spring.security.VaadinSecurityConfigurer.vaadin;

import dev.atrium.portal.address.Addresses;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.servlet.ConfigurableServletWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configurers.AuthorizeHttpRequestsConfigurer.AuthorizedUrl;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer.FrameOptionsConfig;
import org.springframework.security.core.authority.mapping.GrantedAuthoritiesMapper;
import org.springframework.security.oauth2.client.endpoint.RestClientAuthorizationCodeTokenResponseClient;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestRedirectFilter;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;

@Configuration(proxyBeanMethods = false)
@EnableWebSecurity
class SecurityConfiguration {
    static final String SIGN_IN =
            OAuth2AuthorizationRequestRedirectFilter.DEFAULT_AUTHORIZATION_REQUEST_BASE_URI
                    + "/"
                    + ClientConfiguration.REGISTRATION;

    /**
     * Vaadin's client starts with an inline script and evaluates what the server sends, so scripts
     * cannot be locked down further; everything from elsewhere, framing and foreign forms are.
     */
    private static final String CONTENT_POLICY =
            "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self'"
                    + " 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src"
                    + " 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors"
                    + " 'none'";

    /** Health and metrics are served on the management port only, which is never published. */
    @Bean
    @Order(1)
    SecurityFilterChain managementChain(HttpSecurity http) {
        return http.securityMatcher(EndpointRequest.toAnyEndpoint())
                .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                .build();
    }

    @Bean
    @Order(2)
    SecurityFilterChain portalChain(
            HttpSecurity http,
            Addresses addresses,
            SignInStartFilter signInStart,
            SignInPages pages,
            RestClientAuthorizationCodeTokenResponseClient codeClient) {
        return http.authorizeHttpRequests(requests ->
                        requests.requestMatchers("/styles.css", "/icons.svg", "/favicon.svg")
                                .permitAll())
                .headers(headers ->
                        headers.frameOptions(FrameOptionsConfig::deny)
                                .referrerPolicy(policy -> policy.policy(ReferrerPolicy.SAME_ORIGIN))
                                .contentSecurityPolicy(
                                        policy -> policy.policyDirectives(CONTENT_POLICY)))
                .oauth2Login(login ->
                        login.loginPage(SIGN_IN)
                                .failureHandler(pages::signInFailed)
                                .tokenEndpoint(
                                        token -> token.accessTokenResponseClient(codeClient)))
                .addFilterBefore(signInStart, OAuth2AuthorizationRequestRedirectFilter.class)
                .with(
                        vaadin(),
                        vaadin ->
                                vaadin.oauth2LoginPage(SIGN_IN, addresses.portal() + "/")
                                        // An address without a view ends on a page that says so.
                                        .anyRequest(AuthorizedUrl::authenticated))
                .build();
    }

    @Bean
    GrantedAuthoritiesMapper authoritiesMapper() {
        return SessionAuthorities::withRoles;
    }

    /** Browsers send the session cookie over TLS only, once the portal is reached by TLS. */
    @Bean
    WebServerFactoryCustomizer<ConfigurableServletWebServerFactory> secureCookie(
            Addresses addresses) {
        return factory ->
                factory.getSettings()
                        .getSession()
                        .getCookie()
                        .setSecure(addresses.portal().startsWith("https:"));
    }
}
