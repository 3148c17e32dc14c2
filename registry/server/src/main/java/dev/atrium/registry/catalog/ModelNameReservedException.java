package dev.atrium.registry.catalog;

import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.error.RegistryException;

/** The name is a word of the protocols' paths. */
public final class ModelNameReservedException extends RegistryException {
    ModelNameReservedException(String name) {
        super(
                ErrorCode.NAME_RESERVED,
                "'" + name + "' is a word of the protocols and cannot name a model");
    }
}
