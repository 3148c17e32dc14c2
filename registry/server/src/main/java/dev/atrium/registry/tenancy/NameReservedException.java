package dev.atrium.registry.tenancy;

import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.error.RegistryException;

/** The protocols use this word as a part of their paths. */
public final class NameReservedException extends RegistryException {
    NameReservedException(String name) {
        super(ErrorCode.NAME_RESERVED, "'" + name + "' is a reserved word; choose another name.");
    }
}
