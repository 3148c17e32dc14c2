package dev.atrium.gateway.openai;

import dev.atrium.gateway.web.Json;
import dev.atrium.gateway.web.Refusal;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The error object of the OpenAI API; all four members are always there. */
record OpenAiError(String message, String type, @Nullable String param, @Nullable String code) {
    static OpenAiError of(Refusal refusal) {
        Refusal.Reason reason = refusal.reason();
        return new OpenAiError(refusal.message(), type(reason), param(refusal), reason.code());
    }

    private static String type(Refusal.Reason reason) {
        return switch (reason) {
            case TOO_MANY_FAILURES, RATE_LIMITED -> "rate_limit_error";
            case QUOTA_EXHAUSTED -> "insufficient_quota";
            case INSUFFICIENT_SCOPE, MODEL_NOT_ALLOWED, PRICE_MISSING -> "permission_error";
            case IDEMPOTENCY_IN_FLIGHT, IDEMPOTENCY_UNKNOWN, IDEMPOTENCY_NOT_KEPT ->
                    "conflict_error";
            case MODEL_NOT_READY,
                    OVERLOADED,
                    UNAVAILABLE,
                    UPSTREAM_FAILED,
                    UPSTREAM_INVALID,
                    MODEL_FAILED,
                    UPSTREAM_TIMEOUT,
                    INTERNAL_ERROR ->
                    "server_error";
            case CREDENTIAL_MISSING,
                    CREDENTIAL_INVALID,
                    MODEL_NOT_FOUND,
                    PATH_NOT_FOUND,
                    METHOD_NOT_ALLOWED,
                    REQUEST_TIMEOUT,
                    INVALID_REQUEST,
                    INVALID_LABEL,
                    UNSUPPORTED_PARAMETER,
                    CONTEXT_LENGTH_EXCEEDED,
                    BODY_TOO_LARGE,
                    UNSUPPORTED_MEDIA_TYPE,
                    IDEMPOTENCY_KEY_INVALID,
                    IDEMPOTENCY_STREAM,
                    IDEMPOTENCY_MISMATCH,
                    UNSUPPORTED_OPERATION ->
                    "invalid_request_error";
        };
    }

    private static @Nullable String param(Refusal refusal) {
        return switch (refusal.reason()) {
            case CONTEXT_LENGTH_EXCEEDED -> "messages";
            case IDEMPOTENCY_STREAM -> "stream";
            default -> refusal.param();
        };
    }

    byte[] body() {
        Map<String, @Nullable String> members = new LinkedHashMap<>();
        members.put("message", message);
        members.put("type", type);
        members.put("param", param);
        members.put("code", code);
        return Json.write(Map.of("error", members));
    }
}
