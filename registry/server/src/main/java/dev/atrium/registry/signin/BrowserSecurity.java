package dev.atrium.registry.signin;

import dev.atrium.registry.web.PublicUrls;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.session.web.http.CookieSerializer;
import org.springframework.session.web.http.DefaultCookieSerializer;

/** The pages: a session cookie of our own, CSRF tokens, and a strict content policy. */
@Configuration(proxyBeanMethods = false)
class BrowserSecurity {
    @Bean
    @Order(40)
    SecurityFilterChain pages(HttpSecurity http, PageStyle style) {
        return http
                // Each page decides by the session's user; what is no page is 404 to everybody.
                .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                .requestCache(cache -> cache.disable())
                .logout(logout -> logout.disable())
                .headers(headers ->
                        headers.contentSecurityPolicy(policy ->
                                        policy.policyDirectives(style.contentSecurityPolicy()))
                                // A one-time link is a secret in the address.
                                .referrerPolicy(
                                        referrer -> referrer.policy(ReferrerPolicy.NO_REFERRER)))
                .build();
    }

    /** Ports do not separate cookies, names do. */
    @Bean
    CookieSerializer cookieSerializer(PublicUrls urls) {
        DefaultCookieSerializer serializer = new DefaultCookieSerializer();
        serializer.setCookieName("ATRIUM_SESSION");
        serializer.setSameSite("Lax");
        serializer.setUseHttpOnlyCookie(true);
        serializer.setUseSecureCookie(urls.isHttps());
        return serializer;
    }
}
