package dev.atrium.registry.statement;

import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.error.RegistryException;

/** The day is not closed yet, or was before there was anything to state. */
final class StatementNotFoundException extends RegistryException {
    StatementNotFoundException(String day) {
        super(ErrorCode.NOT_FOUND, "there is no statement of " + day);
    }
}
