package dev.atrium.registry.error;

import dev.atrium.registry.api.error.ErrorCode;

/** A parameter or member of the body that breaks a rule of its own. */
public class InvalidRequestException extends RegistryException {
    public InvalidRequestException(String message) {
        super(ErrorCode.INVALID_REQUEST, message);
    }
}
