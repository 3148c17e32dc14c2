package dev.atrium.registry.usage;

import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.error.RegistryException;

/** No such call, or not yet: it may be under way, or its gateway has not shipped it. */
final class CallNotFoundException extends RegistryException {
    CallNotFoundException() {
        super(
                ErrorCode.NOT_FOUND,
                "There is no such call; one that has just ended may take a few seconds.");
    }
}
