package dev.atrium.node.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A node's refusal or failure.
 *
 * @param code stable: see the constants
 * @param error for the caller: what was wrong, with which value, and what to do
 * @param param the part of the input that it is about; null where it is about none
 */
public record NodeError(
        String code,
        String error,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String param) {
    /** 400: shape, dtype, missing input, bad JSON. */
    public static final String INVALID_INPUT = "invalid_input";

    /** 400: prompt and answer do not fit the context. */
    public static final String CONTEXT_LENGTH_EXCEEDED = "context_length_exceeded";

    /** 413: a picture, text or table beyond what may be decoded. */
    public static final String INPUT_TOO_LARGE = "input_too_large";

    /** 415: not what the version's task takes. */
    public static final String UNSUPPORTED_MEDIA_TYPE = "unsupported_media_type";

    /** 401: no grant, bad signature, other node, expired, or used before. */
    public static final String INVALID_GRANT = "invalid_grant";

    /** 404: this node does not hold the version. */
    public static final String NOT_LOADED = "not_loaded";

    /** 404: this attempt ended too long ago, or before the node's last start. */
    public static final String UNKNOWN_ATTEMPT = "unknown_attempt";

    /** 503: held but not READY, or the queue is full; another replica may do. */
    public static final String NOT_READY = "not_ready";

    /**
     * 503: not in memory, and this call has it loaded; {@code Retry-After} says when it may be. The
     * call was not computed; the next one may wait for it, see {@link NodeProtocol#WAIT_HEADER}.
     */
    public static final String LOADING = "loading";

    /** 501: the version's task does not do this operation. */
    public static final String UNSUPPORTED = "unsupported";

    /** 504: the deadline of the grant passed. */
    public static final String DEADLINE_EXCEEDED = "deadline_exceeded";

    /** 500: the model's worker died or the engine failed; the message names no internals. */
    public static final String MODEL_FAILED = "model_failed";

    /** About no part of the input. */
    public NodeError(String code, String error) {
        this(code, error, null);
    }
}
