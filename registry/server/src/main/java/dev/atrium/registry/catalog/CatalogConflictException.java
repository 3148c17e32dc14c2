package dev.atrium.registry.catalog;

import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.error.RegistryException;

/** What was asked does not fit the state that the model or version is in. */
public final class CatalogConflictException extends RegistryException {
    CatalogConflictException(String message) {
        super(ErrorCode.CONFLICT, message);
    }
}
