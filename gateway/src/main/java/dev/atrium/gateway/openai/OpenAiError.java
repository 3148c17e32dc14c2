package dev.atrium.gateway.openai;

import dev.atrium.gateway.web.Json;
import dev.atrium.gateway.web.Refusal;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The error object of the OpenAI API; all four members are always there. */
record OpenAiError(String message, String type, @Nullable String param, @Nullable String code) {
    private static final String INVALID = "invalid_request_error";
    private static final String CONFLICT = "conflict_error";
    private static final String SERVER = "server_error";

    static OpenAiError of(Refusal refusal) {
        String message = refusal.message();
        String param = refusal.param();
        return switch (refusal.reason()) {
            case CREDENTIAL_MISSING, CREDENTIAL_INVALID ->
                    new OpenAiError(message, INVALID, null, "invalid_api_key");
            case TOO_MANY_FAILURES ->
                    new OpenAiError(
                            message, "rate_limit_error", null, "too_many_failed_credentials");
            case RATE_LIMITED ->
                    new OpenAiError(message, "rate_limit_error", null, "rate_limit_exceeded");
            case QUOTA_EXHAUSTED ->
                    new OpenAiError(message, "insufficient_quota", null, "insufficient_quota");
            case INSUFFICIENT_SCOPE, MODEL_NOT_ALLOWED ->
                    new OpenAiError(message, "permission_error", param, "insufficient_permissions");
            case PRICE_MISSING ->
                    new OpenAiError(message, "permission_error", param, "price_missing");
            case MODEL_NOT_FOUND -> new OpenAiError(message, INVALID, param, "model_not_found");
            case PATH_NOT_FOUND -> new OpenAiError(message, INVALID, null, "unknown_url");
            case METHOD_NOT_ALLOWED ->
                    new OpenAiError(message, INVALID, null, "method_not_allowed");
            case INVALID_REQUEST -> new OpenAiError(message, INVALID, param, "invalid_request");
            case INVALID_LABEL -> new OpenAiError(message, INVALID, param, "invalid_label");
            case REQUEST_TIMEOUT -> new OpenAiError(message, INVALID, null, "request_timeout");
            case UNSUPPORTED_PARAMETER ->
                    new OpenAiError(message, INVALID, param, "unsupported_parameter");
            case CONTEXT_LENGTH_EXCEEDED ->
                    new OpenAiError(message, INVALID, "messages", "context_length_exceeded");
            case BODY_TOO_LARGE -> new OpenAiError(message, INVALID, null, "request_too_large");
            case UNSUPPORTED_MEDIA_TYPE ->
                    new OpenAiError(message, INVALID, null, "unsupported_media_type");
            case IDEMPOTENCY_KEY_INVALID ->
                    new OpenAiError(message, INVALID, null, "idempotency_key_invalid");
            case IDEMPOTENCY_STREAM ->
                    new OpenAiError(
                            message, INVALID, "stream", "idempotency_stream_not_replayable");
            case IDEMPOTENCY_IN_FLIGHT ->
                    new OpenAiError(message, CONFLICT, null, "idempotency_conflict");
            case IDEMPOTENCY_UNKNOWN ->
                    new OpenAiError(message, CONFLICT, null, "idempotency_outcome_unknown");
            case IDEMPOTENCY_NOT_KEPT ->
                    new OpenAiError(message, CONFLICT, null, "idempotency_reply_not_kept");
            case IDEMPOTENCY_MISMATCH ->
                    new OpenAiError(message, INVALID, null, "idempotency_mismatch");
            case UNSUPPORTED_OPERATION -> new OpenAiError(message, INVALID, param, "unsupported");
            case MODEL_NOT_READY -> new OpenAiError(message, SERVER, null, "model_not_ready");
            case OVERLOADED -> new OpenAiError(message, SERVER, null, "overloaded");
            case UNAVAILABLE -> new OpenAiError(message, SERVER, null, "gateway_unavailable");
            case UPSTREAM_FAILED -> new OpenAiError(message, SERVER, null, "upstream_failed");
            case UPSTREAM_INVALID -> new OpenAiError(message, SERVER, null, "upstream_invalid");
            case MODEL_FAILED -> new OpenAiError(message, SERVER, null, "model_failed");
            case UPSTREAM_TIMEOUT -> new OpenAiError(message, SERVER, null, "upstream_timeout");
            case INTERNAL_ERROR -> new OpenAiError(message, SERVER, null, "internal_error");
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
