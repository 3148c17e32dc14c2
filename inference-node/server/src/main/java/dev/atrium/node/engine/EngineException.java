package dev.atrium.node.engine;

import dev.atrium.node.api.NodeError;
import org.jspecify.annotations.Nullable;

/** A refusal or failure of a model, with a {@link NodeError} code and words for the caller. */
public final class EngineException extends RuntimeException {
    /** The caller went away or the deadline passed; never shown to anybody. */
    public static final String CANCELLED = "cancelled";

    private final String code;

    public EngineException(String code, String message, @Nullable Throwable cause) {
        // Mostly an ordinary answer on the hot path: a stack trace would say nothing.
        super(message, cause, false, cause != null);
        this.code = code;
    }

    public static EngineException invalidInput(String message) {
        return new EngineException(NodeError.INVALID_INPUT, message, null);
    }

    public static EngineException contextLengthExceeded(String message) {
        return new EngineException(NodeError.CONTEXT_LENGTH_EXCEEDED, message, null);
    }

    public static EngineException unsupported(String message) {
        return new EngineException(NodeError.UNSUPPORTED, message, null);
    }

    public static EngineException failed(String message, @Nullable Throwable cause) {
        return new EngineException(NodeError.MODEL_FAILED, message, cause);
    }

    public static EngineException cancelled() {
        return new EngineException(CANCELLED, "cancelled", null);
    }

    public String code() {
        return code;
    }

    public String message() {
        return String.valueOf(getMessage());
    }
}
