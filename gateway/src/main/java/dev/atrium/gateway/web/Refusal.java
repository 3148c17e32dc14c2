package dev.atrium.gateway.web;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Why a request is not answered as asked, before it takes the shape of a protocol.
 *
 * @param message for the caller: what was wrong, with which value, and what to do
 * @param param the member of the request it is about; null where there is none
 * @param retryAfter when trying again makes sense; null when it does not
 * @param scope the scope that is missing; null otherwise
 */
public record Refusal(
        Reason reason,
        String message,
        @Nullable String param,
        @Nullable Duration retryAfter,
        @Nullable String scope) {
    /** Stable reasons; the HTTP status belongs to the reason in every protocol. */
    public enum Reason {
        CREDENTIAL_MISSING(401),
        CREDENTIAL_INVALID(401),
        TOO_MANY_FAILURES(429),
        INSUFFICIENT_SCOPE(403),
        MODEL_NOT_ALLOWED(403),
        MODEL_NOT_FOUND(404),
        PATH_NOT_FOUND(404),
        METHOD_NOT_ALLOWED(405),
        REQUEST_TIMEOUT(408),
        RATE_LIMITED(429),
        QUOTA_EXHAUSTED(429),
        PRICE_MISSING(403),
        INVALID_REQUEST(400),
        INVALID_LABEL(400),
        UNSUPPORTED_PARAMETER(400),
        CONTEXT_LENGTH_EXCEEDED(400),
        BODY_TOO_LARGE(413),
        UNSUPPORTED_MEDIA_TYPE(415),
        IDEMPOTENCY_KEY_INVALID(400),
        IDEMPOTENCY_STREAM(400),
        IDEMPOTENCY_IN_FLIGHT(409),
        IDEMPOTENCY_UNKNOWN(409),
        IDEMPOTENCY_NOT_KEPT(409),
        IDEMPOTENCY_MISMATCH(422),
        UNSUPPORTED_OPERATION(501),
        MODEL_NOT_READY(503),
        OVERLOADED(503),
        UNAVAILABLE(503),
        UPSTREAM_FAILED(502),
        UPSTREAM_INVALID(502),
        MODEL_FAILED(502),
        UPSTREAM_TIMEOUT(504),
        INTERNAL_ERROR(500);

        private final int status;

        Reason(int status) {
            this.status = status;
        }

        public int status() {
            return status;
        }
    }

    public static Refusal of(Reason reason, String message) {
        return new Refusal(reason, message, null, null, null);
    }

    public static Refusal invalid(String message, @Nullable String param) {
        return new Refusal(Reason.INVALID_REQUEST, message, param, null, null);
    }

    public static Refusal retryable(Reason reason, String message, Duration retryAfter) {
        return new Refusal(reason, message, null, retryAfter, null);
    }

    /**
     * @param retryAfter null when trying again makes no sense
     */
    public static Refusal limited(Reason reason, String message, @Nullable Duration retryAfter) {
        return new Refusal(reason, message, null, retryAfter, null);
    }

    public static Refusal missingScope(String scope) {
        return new Refusal(
                Reason.INSUFFICIENT_SCOPE,
                "the credential lacks the scope " + scope,
                null,
                null,
                scope);
    }

    public static Refusal about(Reason reason, String message, String param) {
        return new Refusal(reason, message, param, null, null);
    }

    /** The signal that ends a request with this refusal. */
    public RefusedException asException() {
        return new RefusedException(this);
    }
}
