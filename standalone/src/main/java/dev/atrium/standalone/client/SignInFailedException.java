package dev.atrium.standalone.client;

/** The sign-in page did not lead to a token. */
public final class SignInFailedException extends RuntimeException {
    SignInFailedException(String message) {
        super(message);
    }
}
