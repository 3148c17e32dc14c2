package dev.atrium.registry.tenancy;

import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.error.RegistryException;

/** A tenant or project with this slug, or a member with this address, is there already. */
public final class NameTakenException extends RegistryException {
    NameTakenException(String what, String name) {
        super(ErrorCode.NAME_TAKEN, what + " '" + name + "' exists already; choose another.");
    }
}
