package dev.atrium.registry.authorization;

import dev.atrium.registry.error.ProblemSecurity;
import dev.atrium.registry.error.Problems;
import dev.atrium.registry.identity.BearerCredentials;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;

/**
 * The management API: bearer credentials only, no session, nothing without one but its document.
 */
@Configuration(proxyBeanMethods = false)
class ApiSecurity {
    @Bean
    @Order(30)
    SecurityFilterChain apiSecurityChain(
            HttpSecurity http,
            List<BearerCredentials> kinds,
            ProblemSecurity security,
            Problems problems) {
        return http.securityMatcher("/api/**")
                .authorizeHttpRequests(requests ->
                        requests.requestMatchers("/api/v1/openapi")
                                .permitAll()
                                .anyRequest()
                                .authenticated())
                .addFilterBefore(
                        new BearerFilter(kinds, security, problems),
                        AnonymousAuthenticationFilter.class)
                .sessionManagement(
                        session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .requestCache(cache -> cache.disable())
                .csrf(csrf -> csrf.disable())
                .logout(logout -> logout.disable())
                .exceptionHandling(security)
                .build();
    }
}
