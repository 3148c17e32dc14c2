package dev.atrium.registry.identity;

import dev.atrium.registry.error.InvalidRequestException;

/** An address or name that a user cannot have. */
public class InvalidUserException extends InvalidRequestException {
    InvalidUserException(String message) {
        super(message);
    }
}
