package dev.atrium.portal.registry;

/** The registry no longer accepts this session: the user has to sign in again. */
public class SignInRequiredException extends RuntimeException {
    public SignInRequiredException(String reason) {
        super(reason);
    }

    public SignInRequiredException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
