package dev.atrium.registry.web;

import dev.atrium.registry.error.RequestTooLargeException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Bounds every body that is not an artifact; artifacts have their own limit. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 20)
class BodyLimitFilter extends OncePerRequestFilter {
    private static final PathPatternRequestMatcher.Builder PATH =
            PathPatternRequestMatcher.withDefaults();
    private static final List<RequestMatcher> UPLOADS =
            List.of(
                    PATH.matcher(
                            HttpMethod.PUT,
                            "/api/v1/models/{tenant}/{name}/versions/{number}/files/**"),
                    PATH.matcher(HttpMethod.POST, "/api/v1/models/{tenant}/{name}/upload"));
    private static final RequestMatcher INTERNAL = PATH.matcher("/internal/**");

    private final WebProperties properties;

    BodyLimitFilter(WebProperties properties) {
        this.properties = properties;
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (UPLOADS.stream().anyMatch(upload -> upload.matches(request))) {
            chain.doFilter(request, response);
            return;
        }
        long limit =
                INTERNAL.matches(request)
                        ? properties.internalBodyLimit().toBytes()
                        : properties.bodyLimit().toBytes();
        if (request.getContentLengthLong() > limit) {
            throw new RequestTooLargeException(limit);
        }
        chain.doFilter(new LimitedRequest(request, limit), response);
    }
}
