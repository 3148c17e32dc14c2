package dev.atrium.registry.error;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import dev.atrium.registry.api.error.ErrorCode;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Gives each request its id, and answers what escapes the other filters. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class RequestIdFilter extends OncePerRequestFilter {
    private static final Logger log = LoggerFactory.getLogger(RequestIdFilter.class);

    private final TimeBasedEpochGenerator ids = Generators.timeBasedEpochGenerator();
    private final Problems problems;

    RequestIdFilter(Problems problems) {
        this.problems = problems;
    }

    /** The container's error page belongs to the same request. */
    @Override
    protected boolean shouldNotFilterErrorDispatch() {
        return false;
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String requestId = idOf(request, response);
        response.setHeader(RequestId.HEADER, requestId);
        try (MDC.MDCCloseable bound = RequestId.bind(requestId)) {
            answer(request, response, chain);
        }
    }

    private String idOf(HttpServletRequest request, HttpServletResponse response) {
        String before = response.getHeader(RequestId.HEADER);
        String given = before == null ? request.getHeader(RequestId.HEADER) : before;
        return given != null && RequestId.isAcceptable(given) ? given : ids.generate().toString();
    }

    private void answer(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        try {
            chain.doFilter(request, response);
        } catch (RegistryException broken) {
            problems.write(response, broken.code(), String.valueOf(broken.getMessage()));
        } catch (RuntimeException | ServletException failure) {
            log.error("request failed", failure);
            if (DatabaseLost.isBehind(failure)) {
                response.setHeader(
                        HttpHeaders.RETRY_AFTER,
                        Long.toString(DatabaseLost.RETRY_AFTER.toSeconds()));
                problems.write(response, ErrorCode.UNAVAILABLE, DatabaseLost.DETAIL);
                return;
            }
            problems.write(
                    response,
                    ErrorCode.INTERNAL_ERROR,
                    "something went wrong here; the request id names the log line");
        }
    }
}
