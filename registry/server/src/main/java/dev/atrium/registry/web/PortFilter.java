package dev.atrium.registry.web;

import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.error.Problems;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Each port knows its own paths only; the others are not there. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 10)
class PortFilter extends OncePerRequestFilter {
    private final InternalConnector internal;
    private final Problems problems;

    PortFilter(InternalConnector internal, Problems problems) {
        this.internal = internal;
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        boolean onInternalPort = request.getLocalPort() == internal.port();
        if (onInternalPort == isInternal(request.getServletPath())) {
            chain.doFilter(request, response);
        } else {
            problems.write(response, ErrorCode.NOT_FOUND, "there is no such thing here");
        }
    }

    private static boolean isInternal(String path) {
        return isUnder(path, "/internal") || isUnder(path, "/actuator");
    }

    private static boolean isUnder(String path, String root) {
        return path.equals(root) || path.startsWith(root + "/");
    }
}
