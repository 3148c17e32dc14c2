package dev.atrium.registry.machine;

import dev.atrium.registry.error.ProblemSecurity;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** The internal port: machine credentials, and who may ask what by role. */
@Configuration(proxyBeanMethods = false)
class MachineConfiguration implements WebMvcConfigurer, HandlerMethodArgumentResolver {
    @Bean
    @Order(10)
    SecurityFilterChain internalSecurity(
            HttpSecurity http, MachineCredentials credentials, ProblemSecurity problems) {
        return http.securityMatcher("/internal/**", "/actuator/**")
                .authorizeHttpRequests(requests ->
                        requests.requestMatchers(
                                        "/actuator/**", "/internal/v1/join", "/internal/v1/jwks")
                                .permitAll()
                                .requestMatchers(
                                        "/internal/v1/nodes/**", "/internal/v1/artifacts/**")
                                .hasRole("NODE")
                                .anyRequest()
                                .hasRole("GATEWAY"))
                .addFilterBefore(
                        new MachineFilter(credentials), AnonymousAuthenticationFilter.class)
                .sessionManagement(
                        session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .requestCache(cache -> cache.disable())
                .csrf(csrf -> csrf.disable())
                .logout(logout -> logout.disable())
                .exceptionHandling(problems)
                .build();
    }

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(this);
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType() == Machine.class;
    }

    @Override
    public Machine resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest request,
            @Nullable WebDataBinderFactory binderFactory) {
        if (SecurityContextHolder.getContext().getAuthentication()
                instanceof MachineAuthentication authentication) {
            return authentication.getPrincipal();
        }
        throw new IllegalStateException("no machine is authenticated");
    }
}
