package dev.atrium.registry.pricing;

import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.error.RegistryException;

/** No such list, or no such price in it. */
public final class PriceListNotFoundException extends RegistryException {
    private PriceListNotFoundException(String message) {
        super(ErrorCode.NOT_FOUND, message);
    }

    static PriceListNotFoundException list() {
        return new PriceListNotFoundException("There is no such price list.");
    }

    static PriceListNotFoundException entry() {
        return new PriceListNotFoundException("There is no such price in this list.");
    }
}
