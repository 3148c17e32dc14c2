package dev.atrium.registry.identity;

import dev.atrium.registry.error.InvalidRequestException;

/** The current password was needed and is another one. */
public class WrongPasswordException extends InvalidRequestException {
    WrongPasswordException() {
        super("the current password is not right");
    }
}
