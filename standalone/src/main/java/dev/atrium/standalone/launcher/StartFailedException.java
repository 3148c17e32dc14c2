package dev.atrium.standalone.launcher;

/** Why a start cannot go on, in words for the person who asked for it. */
public sealed class StartFailedException extends Exception permits AlreadyRunningException {
    private static final long serialVersionUID = 1L;

    StartFailedException(String message) {
        super(message);
    }

    StartFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
