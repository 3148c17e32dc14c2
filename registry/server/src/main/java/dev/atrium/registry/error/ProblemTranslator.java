package dev.atrium.registry.error;

import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.api.error.Problem;
import java.time.Duration;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.validation.FieldError;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** The one place where exceptions become answers. */
@RestControllerAdvice
class ProblemTranslator extends ResponseEntityExceptionHandler {
    private static final Logger log = LoggerFactory.getLogger(ProblemTranslator.class);
    static final String NOT_FOUND = "there is no such thing here";

    @ExceptionHandler
    ResponseEntity<Object> onBrokenRule(RegistryException broken) {
        HttpHeaders headers = new HttpHeaders();
        broken.retryAfter().ifPresent(wait -> retryAfter(headers, wait));
        return answer(broken.code(), String.valueOf(broken.getMessage()), headers);
    }

    @ExceptionHandler
    ResponseEntity<Object> onAccessDenied(AccessDeniedException denied) {
        HttpHeaders headers = new HttpHeaders();
        headers.set(HttpHeaders.WWW_AUTHENTICATE, Challenges.insufficientScope(denied));
        return answer(ErrorCode.INSUFFICIENT_SCOPE, Challenges.describe(denied), headers);
    }

    /** An edit of what has changed meanwhile, or one that the database broke off for another. */
    @ExceptionHandler
    ResponseEntity<Object> onConcurrentEdit(ConcurrencyFailureException conflict) {
        return answer(
                ErrorCode.CONFLICT,
                "somebody else changed it at the same time; read it again and repeat",
                new HttpHeaders());
    }

    @ExceptionHandler
    ResponseEntity<Object> onAnythingElse(Exception unknown) {
        if (DatabaseLost.isBehind(unknown)) {
            log.error("the database does not answer", unknown);
            HttpHeaders headers = new HttpHeaders();
            retryAfter(headers, DatabaseLost.RETRY_AFTER);
            return answer(ErrorCode.UNAVAILABLE, DatabaseLost.DETAIL, headers);
        }
        log.error("request failed", unknown);
        return internalError();
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException unreadable,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        for (Throwable cause = unreadable; cause != null; cause = cause.getCause()) {
            if (cause instanceof RegistryException broken) {
                return onBrokenRule(broken);
            }
        }
        return answer(ErrorCode.INVALID_REQUEST, UnreadableBody.describe(unreadable), headers);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleMethodArgumentNotValid(
            MethodArgumentNotValidException invalid,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        String detail =
                invalid.getFieldErrors().stream()
                        .map(ProblemTranslator::describe)
                        .distinct()
                        .collect(Collectors.joining("; "));
        return answer(
                ErrorCode.INVALID_REQUEST,
                detail.isEmpty() ? "the request breaks a rule" : detail,
                headers);
    }

    private static String describe(FieldError error) {
        // The message of a failed conversion names our classes.
        return "'"
                + error.getField()
                + "' "
                + (error.isBindingFailure()
                        ? "has a value of the wrong form"
                        : String.valueOf(error.getDefaultMessage()));
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleTypeMismatch(
            TypeMismatchException mismatch,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        // An id that is none names nothing, like an unknown one.
        if (mismatch instanceof MethodArgumentTypeMismatchException argument
                && argument.getParameter().hasParameterAnnotation(PathVariable.class)) {
            return answer(ErrorCode.NOT_FOUND, NOT_FOUND, headers);
        }
        return answer(
                ErrorCode.INVALID_REQUEST,
                "parameter '" + mismatch.getPropertyName() + "' has a value of the wrong form",
                headers);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleExceptionInternal(
            Exception failure,
            @Nullable Object body,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        if (status.is5xxServerError()) {
            log.error("request failed", failure);
            return internalError();
        }
        boolean unknownPath =
                failure instanceof NoHandlerFoundException
                        || failure instanceof NoResourceFoundException;
        String detail =
                !unknownPath
                                && failure instanceof ErrorResponse response
                                && response.getBody().getDetail() != null
                        ? response.getBody().getDetail()
                        : NOT_FOUND;
        return answer(StatusOf.of(status), detail, headers);
    }

    private static ResponseEntity<Object> internalError() {
        return answer(
                ErrorCode.INTERNAL_ERROR,
                "something went wrong here; the request id names the log line",
                new HttpHeaders());
    }

    private static void retryAfter(HttpHeaders headers, Duration wait) {
        headers.set(HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, wait.toSeconds())));
    }

    private static ResponseEntity<Object> answer(
            ErrorCode code, String detail, HttpHeaders headers) {
        Problem problem = Problems.of(code, detail);
        return ResponseEntity.status(problem.status())
                .headers(headers)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problem);
    }
}
