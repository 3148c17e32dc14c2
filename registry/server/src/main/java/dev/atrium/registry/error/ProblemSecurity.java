package dev.atrium.registry.error;

import dev.atrium.registry.api.error.ErrorCode;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.ExceptionHandlingConfigurer;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.stereotype.Component;

/** Spring Security's refusals as problems; give it to {@code exceptionHandling} of a chain. */
@Component
public final class ProblemSecurity
        implements Customizer<ExceptionHandlingConfigurer<HttpSecurity>>,
                AuthenticationEntryPoint,
                AccessDeniedHandler {
    private final Problems problems;

    ProblemSecurity(Problems problems) {
        this.problems = problems;
    }

    @Override
    public void customize(ExceptionHandlingConfigurer<HttpSecurity> handling) {
        handling.authenticationEntryPoint(this).accessDeniedHandler(this);
    }

    @Override
    public void commence(
            HttpServletRequest request,
            HttpServletResponse response,
            AuthenticationException refused)
            throws IOException {
        boolean gaveOne = request.getHeader(HttpHeaders.AUTHORIZATION) != null;
        response.setHeader(HttpHeaders.WWW_AUTHENTICATE, Challenges.unauthenticated(gaveOne));
        problems.write(
                response,
                ErrorCode.UNAUTHENTICATED,
                gaveOne
                        ? "the credential is unknown, expired or revoked"
                        : "send a credential as 'Authorization: Bearer …'");
    }

    @Override
    public void handle(
            HttpServletRequest request, HttpServletResponse response, AccessDeniedException denied)
            throws IOException {
        response.setHeader(HttpHeaders.WWW_AUTHENTICATE, Challenges.insufficientScope(denied));
        problems.write(response, ErrorCode.INSUFFICIENT_SCOPE, Challenges.describe(denied));
    }
}
