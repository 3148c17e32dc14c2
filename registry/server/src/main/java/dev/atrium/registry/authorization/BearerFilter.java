package dev.atrium.registry.authorization;

import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.database.TenantScope;
import dev.atrium.registry.error.ProblemSecurity;
import dev.atrium.registry.error.Problems;
import dev.atrium.registry.identity.BearerCredentials;
import dev.atrium.registry.identity.BearerCredentials.Verified;
import dev.atrium.registry.identity.CallerAuthentication;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Turns the bearer credential into a caller and runs the rest of the request in the caller's
 * tenant. A credential that is there must be good, even where none is needed.
 */
final class BearerFilter extends OncePerRequestFilter {
    private static final String SCHEME = "Bearer ";
    private static final Set<String> WHILE_PASSWORD_IS_DUE =
            Set.of("/api/v1/me", "/api/v1/me/password");

    private final List<BearerCredentials> kinds;
    private final ProblemSecurity security;
    private final Problems problems;

    BearerFilter(List<BearerCredentials> kinds, ProblemSecurity security, Problems problems) {
        this.kinds = kinds;
        this.security = security;
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (header == null) {
            chain.doFilter(request, response);
            return;
        }
        Optional<Verified> verified = verify(header);
        if (verified.isEmpty()) {
            security.commence(request, response, new BadCredentialsException("refused"));
        } else if (verified.get().mustChangePassword()
                && !WHILE_PASSWORD_IS_DUE.contains(request.getServletPath())) {
            problems.write(
                    response,
                    ErrorCode.PASSWORD_CHANGE_REQUIRED,
                    "change the password first: PUT /api/v1/me/password");
        } else {
            proceed(verified.get(), request, response, chain);
        }
    }

    private Optional<Verified> verify(String header) {
        if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Optional.empty();
        }
        String credential = header.substring(SCHEME.length()).strip();
        return kinds.stream()
                .filter(kind -> kind.recognise(credential))
                .findFirst()
                .flatMap(kind -> kind.verify(credential));
    }

    private static void proceed(
            Verified verified,
            HttpServletRequest request,
            HttpServletResponse response,
            FilterChain chain)
            throws IOException, ServletException {
        SecurityContext context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(new CallerAuthentication(verified.caller()));
        SecurityContextHolder.setContext(context);
        try {
            TenantScope.call(
                    verified.caller().tenantId(),
                    () -> {
                        chain.doFilter(request, response);
                        return true;
                    });
        } catch (IOException | ServletException | RuntimeException failure) {
            throw failure;
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
