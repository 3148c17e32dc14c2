package dev.atrium.registry.error;

import dev.atrium.registry.api.error.ErrorCode;
import java.time.Duration;
import java.util.Optional;

/**
 * A broken rule that the caller can be told about. Its message is shown as the problem's detail: it
 * says what was wrong, with which value, and what to do.
 */
public abstract class RegistryException extends RuntimeException {
    private final ErrorCode code;

    protected RegistryException(ErrorCode code, String message) {
        super(message);
        this.code = code;
    }

    protected RegistryException(ErrorCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public final ErrorCode code() {
        return code;
    }

    /** When asking again may help; becomes {@code Retry-After}. */
    public Optional<Duration> retryAfter() {
        return Optional.empty();
    }
}
