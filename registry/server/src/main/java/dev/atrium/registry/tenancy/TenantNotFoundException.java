package dev.atrium.registry.tenancy;

import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.error.RegistryException;

/** No such tenant. */
public final class TenantNotFoundException extends RegistryException {
    TenantNotFoundException() {
        super(ErrorCode.NOT_FOUND, "There is no such tenant.");
    }
}
