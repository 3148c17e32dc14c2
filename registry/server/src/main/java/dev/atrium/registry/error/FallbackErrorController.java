package dev.atrium.registry.error;

import dev.atrium.registry.api.error.ErrorCode;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatusCode;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/** Answers what the container refused before any controller saw it. */
@Controller
class FallbackErrorController implements ErrorController {
    private final Problems problems;

    FallbackErrorController(Problems problems) {
        this.problems = problems;
    }

    @RequestMapping("/error")
    void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        int status =
                request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer code
                        ? code
                        : 404;
        ErrorCode code = StatusOf.of(HttpStatusCode.valueOf(status));
        problems.write(response, code, describe(code));
    }

    private static String describe(ErrorCode code) {
        return switch (code) {
            case NOT_FOUND -> ProblemTranslator.NOT_FOUND;
            case INTERNAL_ERROR -> "something went wrong here; the request id names the log line";
            default -> "the request was refused";
        };
    }
}
