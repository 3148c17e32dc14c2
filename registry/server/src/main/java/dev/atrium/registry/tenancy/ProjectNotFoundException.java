package dev.atrium.registry.tenancy;

import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.error.RegistryException;

/** No such project in this tenant. */
public final class ProjectNotFoundException extends RegistryException {
    ProjectNotFoundException() {
        super(ErrorCode.NOT_FOUND, "There is no such project.");
    }
}
