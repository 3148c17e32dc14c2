package dev.atrium.registry.pricing;

import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.error.RegistryException;

/** Another list has this name. */
public final class PriceListNameTakenException extends RegistryException {
    PriceListNameTakenException(String name) {
        super(ErrorCode.NAME_TAKEN, "There is a price list '" + name + "' already.");
    }
}
