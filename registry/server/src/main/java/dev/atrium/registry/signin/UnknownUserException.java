package dev.atrium.registry.signin;

import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.error.RegistryException;

/** A link was asked for somebody who is not there. */
class UnknownUserException extends RegistryException {
    UnknownUserException(String email) {
        super(ErrorCode.NOT_FOUND, "nobody active has the address '" + email + "'");
    }
}
