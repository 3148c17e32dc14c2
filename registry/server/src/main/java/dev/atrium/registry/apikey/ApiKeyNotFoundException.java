package dev.atrium.registry.apikey;

import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.error.RegistryException;

/** No such key in the caller's tenant. */
public final class ApiKeyNotFoundException extends RegistryException {
    ApiKeyNotFoundException() {
        super(ErrorCode.NOT_FOUND, "There is no such API key.");
    }
}
