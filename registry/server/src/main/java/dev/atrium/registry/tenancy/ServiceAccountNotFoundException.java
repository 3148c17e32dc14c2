package dev.atrium.registry.tenancy;

import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.error.RegistryException;

/** No such service account in the caller's tenant. */
public final class ServiceAccountNotFoundException extends RegistryException {
    ServiceAccountNotFoundException() {
        super(ErrorCode.NOT_FOUND, "There is no such service account.");
    }
}
