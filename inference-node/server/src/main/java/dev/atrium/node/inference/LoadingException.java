package dev.atrium.node.inference;

import java.time.Duration;

/** A call came to a version that is not in memory, which has it loaded. */
final class LoadingException extends RuntimeException {
    private final Duration expected;

    LoadingException(Duration expected) {
        super("the version is being loaded for calls", null, false, false);
        this.expected = expected;
    }

    /** When it makes sense to call again: whole seconds, at least one. */
    long seconds() {
        return Math.max(1, expected.plusMillis(999).toSeconds());
    }
}
