package dev.atrium.portal.security;

import dev.atrium.portal.address.Addresses;
import dev.atrium.registry.api.identity.Scope;
import java.net.http.HttpClient;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.converter.FormHttpMessageConverter;
import org.springframework.security.oauth2.client.endpoint.RestClientAuthorizationCodeTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.RestClientRefreshTokenTokenResponseClient;
import org.springframework.security.oauth2.client.http.OAuth2ErrorResponseErrorHandler;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.InMemoryClientRegistrationRepository;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.http.converter.OAuth2AccessTokenResponseHttpMessageConverter;
import org.springframework.web.client.RestClient;

/**
 * The client registration, with explicit endpoints: discovery would tie the portal's start to the
 * registry's. Browsers are sent to the public address, the portal itself uses the back channel.
 */
@Configuration(proxyBeanMethods = false)
class ClientConfiguration {
    static final String REGISTRATION = "atrium";

    @Bean
    ClientRegistrationRepository clientRegistrations(
            Addresses addresses, SecurityProperties properties) {
        String inside = addresses.registry();
        return new InMemoryClientRegistrationRepository(
                ClientRegistration.withRegistrationId(REGISTRATION)
                        .clientName("Atrium")
                        .clientId("portal")
                        .clientSecret(properties.clientSecret())
                        .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                        .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
                        .clientSettings(
                                ClientRegistration.ClientSettings.builder()
                                        .requireProofKey(true)
                                        .build())
                        .redirectUri(addresses.portal() + "/login/oauth2/code/" + REGISTRATION)
                        .scope(everyScope())
                        .issuerUri(addresses.registryPublic())
                        .authorizationUri(addresses.registryPublic() + "/oauth2/authorize")
                        .tokenUri(inside + "/oauth2/token")
                        .jwkSetUri(inside + "/oauth2/jwks")
                        .userInfoUri(inside + "/userinfo")
                        .userNameAttributeName("sub")
                        .providerConfigurationMetadata(
                                Map.of(
                                        "end_session_endpoint",
                                        addresses.registryPublic() + "/connect/logout"))
                        .build());
    }

    @Bean
    RestClientAuthorizationCodeTokenResponseClient codeClient(SecurityProperties properties) {
        var client = new RestClientAuthorizationCodeTokenResponseClient();
        client.setRestClient(tokenEndpoint(properties));
        return client;
    }

    @Bean
    RestClientRefreshTokenTokenResponseClient refreshClient(SecurityProperties properties) {
        var client = new RestClientRefreshTokenTokenResponseClient();
        client.setRestClient(tokenEndpoint(properties));
        return client;
    }

    private static RestClient tokenEndpoint(SecurityProperties properties) {
        HttpClient http = HttpClient.newBuilder().connectTimeout(properties.timeout()).build();
        var requests = new JdkClientHttpRequestFactory(http);
        requests.setReadTimeout(properties.timeout());
        return RestClient.builder()
                .requestFactory(requests)
                .configureMessageConverters(converters ->
                        converters
                                .addCustomConverter(new FormHttpMessageConverter())
                                .addCustomConverter(
                                        new OAuth2AccessTokenResponseHttpMessageConverter()))
                .defaultStatusHandler(new OAuth2ErrorResponseErrorHandler())
                .build();
    }

    private static String[] everyScope() {
        return Stream.concat(
                        Stream.of("openid", "profile"),
                        Arrays.stream(Scope.values()).map(Scope::wireName))
                .toArray(String[]::new);
    }
}
