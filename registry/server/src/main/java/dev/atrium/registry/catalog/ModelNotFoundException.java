package dev.atrium.registry.catalog;

import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.error.RegistryException;

/** No such model, version or alias that the caller may see, or change, as it wanted to. */
public final class ModelNotFoundException extends RegistryException {
    public ModelNotFoundException() {
        super(ErrorCode.NOT_FOUND, "there is no such model or version here");
    }
}
