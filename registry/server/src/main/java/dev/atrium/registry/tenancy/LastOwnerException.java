package dev.atrium.registry.tenancy;

import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.error.RegistryException;

/** Nobody could manage the tenant any more. */
public final class LastOwnerException extends RegistryException {
    LastOwnerException() {
        super(
                ErrorCode.CONFLICT,
                "This is the tenant's last owner; make another member owner first.");
    }
}
