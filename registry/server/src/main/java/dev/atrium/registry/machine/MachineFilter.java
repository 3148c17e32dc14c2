package dev.atrium.registry.machine;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/** Authenticates by {@code Authorization: Bearer atm_…}; who has none stays anonymous. */
final class MachineFilter extends OncePerRequestFilter {
    private static final String SCHEME = "Bearer ";

    private final MachineCredentials credentials;

    MachineFilter(MachineCredentials credentials) {
        this.credentials = credentials;
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (header != null && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            credentials
                    .authenticate(header.substring(SCHEME.length()).strip())
                    .ifPresent(MachineFilter::authenticate);
        }
        chain.doFilter(request, response);
    }

    private static void authenticate(Machine machine) {
        SecurityContext context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(new MachineAuthentication(machine));
        SecurityContextHolder.setContext(context);
    }
}
