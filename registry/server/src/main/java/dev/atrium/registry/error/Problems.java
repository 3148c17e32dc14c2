package dev.atrium.registry.error;

import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.api.error.Problem;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Makes problem bodies, and writes them where no controller is involved (filters, security). */
@Component
public final class Problems {
    private final JsonMapper json;

    Problems(JsonMapper json) {
        this.json = json;
    }

    static Problem of(ErrorCode code, String detail) {
        HttpStatus status = StatusOf.code(code);
        return new Problem(
                "about:blank",
                status.getReasonPhrase(),
                status.value(),
                detail,
                null,
                code.wireName(),
                RequestId.current());
    }

    /** Does nothing once the answer has begun. */
    public void write(HttpServletResponse response, ErrorCode code, String detail)
            throws IOException {
        if (response.isCommitted()) {
            return;
        }
        response.resetBuffer();
        response.setStatus(StatusOf.code(code).value());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.setCharacterEncoding(StandardCharsets.UTF_8);
        response.getOutputStream().write(json.writeValueAsBytes(of(code, detail)));
        response.flushBuffer();
    }
}
