package dev.atrium.gateway.web;

import dev.atrium.registry.api.usage.RefusingLimit;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Why a request is not answered as asked, before it takes the shape of a protocol.
 *
 * @param message for the caller: what was wrong, with which value, and what to do
 * @param param the member of the request it is about; null where there is none
 * @param retryAfter when trying again makes sense; null when it does not
 * @param scope the scope that is missing; null otherwise
 * @param limit the limit that was reached; null where it was none
 */
public record Refusal(
        Reason reason,
        String message,
        @Nullable String param,
        @Nullable Duration retryAfter,
        @Nullable String scope,
        @Nullable RefusingLimit limit) {
    /** Stable reasons; HTTP status and code belong to the reason in every protocol. */
    public enum Reason {
        CREDENTIAL_MISSING(401, "invalid_api_key"),
        CREDENTIAL_INVALID(401, "invalid_api_key"),
        TOO_MANY_FAILURES(429, "too_many_failed_credentials"),
        INSUFFICIENT_SCOPE(403, "insufficient_permissions"),
        MODEL_NOT_ALLOWED(403, "insufficient_permissions"),
        MODEL_NOT_FOUND(404, "model_not_found"),
        PATH_NOT_FOUND(404, "unknown_url"),
        METHOD_NOT_ALLOWED(405, "method_not_allowed"),
        REQUEST_TIMEOUT(408, "request_timeout"),
        RATE_LIMITED(429, "rate_limit_exceeded"),
        QUOTA_EXHAUSTED(429, "insufficient_quota"),
        PRICE_MISSING(403, "price_missing"),
        INVALID_REQUEST(400, "invalid_request"),
        INVALID_LABEL(400, "invalid_label"),
        UNSUPPORTED_PARAMETER(400, "unsupported_parameter"),
        CONTEXT_LENGTH_EXCEEDED(400, "context_length_exceeded"),
        BODY_TOO_LARGE(413, "request_too_large"),
        UNSUPPORTED_MEDIA_TYPE(415, "unsupported_media_type"),
        IDEMPOTENCY_KEY_INVALID(400, "idempotency_key_invalid"),
        IDEMPOTENCY_STREAM(400, "idempotency_stream_not_replayable"),
        IDEMPOTENCY_IN_FLIGHT(409, "idempotency_conflict"),
        IDEMPOTENCY_UNKNOWN(409, "idempotency_outcome_unknown"),
        IDEMPOTENCY_NOT_KEPT(409, "idempotency_reply_not_kept"),
        IDEMPOTENCY_MISMATCH(422, "idempotency_mismatch"),
        UNSUPPORTED_OPERATION(501, "unsupported"),
        MODEL_NOT_READY(503, "model_not_ready"),
        OVERLOADED(503, "overloaded"),
        UNAVAILABLE(503, "gateway_unavailable"),
        UPSTREAM_FAILED(502, "upstream_failed"),
        UPSTREAM_INVALID(502, "upstream_invalid"),
        MODEL_FAILED(502, "model_failed"),
        UPSTREAM_TIMEOUT(504, "upstream_timeout"),
        INTERNAL_ERROR(500, "internal_error");

        private final int status;
        private final String code;

        Reason(int status, String code) {
            this.status = status;
            this.code = code;
        }

        /** As in docs/errors.md. */
        public String code() {
            return code;
        }

        public int status() {
            return status;
        }
    }

    public static Refusal of(Reason reason, String message) {
        return new Refusal(reason, message, null, null, null, null);
    }

    public static Refusal invalid(String message, @Nullable String param) {
        return new Refusal(Reason.INVALID_REQUEST, message, param, null, null, null);
    }

    public static Refusal retryable(Reason reason, String message, Duration retryAfter) {
        return new Refusal(reason, message, null, retryAfter, null, null);
    }

    /**
     * @param retryAfter null when trying again makes no sense
     */
    public static Refusal limited(Reason reason, String message, @Nullable Duration retryAfter) {
        return new Refusal(reason, message, null, retryAfter, null, null);
    }

    public static Refusal missingScope(String scope) {
        return new Refusal(
                Reason.INSUFFICIENT_SCOPE,
                "the credential lacks the scope " + scope,
                null,
                null,
                scope,
                null);
    }

    public static Refusal about(Reason reason, String message, @Nullable String param) {
        return new Refusal(reason, message, param, null, null, null);
    }

    /** The same, because of this limit. */
    public Refusal by(RefusingLimit reached) {
        return new Refusal(reason, message, param, retryAfter, scope, reached);
    }

    /** The signal that ends a request with this refusal. */
    public RefusedException asException() {
        return new RefusedException(this);
    }
}
