package dev.atrium.registry.identity;

import dev.atrium.registry.error.InvalidRequestException;

/** A new password that breaks a rule. */
public class WeakPasswordException extends InvalidRequestException {
    WeakPasswordException(String message) {
        super(message);
    }
}
