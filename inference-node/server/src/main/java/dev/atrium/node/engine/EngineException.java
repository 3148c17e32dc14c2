package dev.atrium.node.engine;

import dev.atrium.node.api.NodeError;
import org.jspecify.annotations.Nullable;

/** A refusal or failure of a model, with a {@link NodeError} code and words for the caller. */
public final class EngineException extends RuntimeException {
    /** The caller went away or the deadline passed; never shown to anybody. */
    public static final String CANCELLED = "cancelled";

    private final String code;
    private final @Nullable String param;

    public EngineException(String code, String message, @Nullable Throwable cause) {
        this(code, message, null, cause);
    }

    /**
     * @param param the part of the input that it is about; null where it is about none
     */
    public EngineException(
            String code, String message, @Nullable String param, @Nullable Throwable cause) {
        // Mostly an ordinary answer on the hot path: a stack trace would say nothing.
        super(message, cause, false, cause != null);
        this.code = code;
        this.param = param;
    }

    public static EngineException invalidInput(String message) {
        return new EngineException(NodeError.INVALID_INPUT, message, null);
    }

    /**
     * @param param the part of the input, such as {@code rows[3].age}
     * @param message what is wrong with it, to stand behind its name
     */
    public static EngineException invalidPart(String param, String message) {
        return about(NodeError.INVALID_INPUT, param, message);
    }

    public static EngineException tooLarge(String param, String message) {
        return about(NodeError.INPUT_TOO_LARGE, param, message);
    }

    private static EngineException about(String code, String param, String message) {
        return new EngineException(code, "'" + param + "' " + message, param, null);
    }

    public static EngineException unsupportedType(String message) {
        return new EngineException(NodeError.UNSUPPORTED_MEDIA_TYPE, message, null);
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

    public @Nullable String param() {
        return param;
    }
}
