package dev.atrium.registry.tenancy;

import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.error.RegistryException;

/** No such member in this tenant. */
public final class MemberNotFoundException extends RegistryException {
    MemberNotFoundException() {
        super(ErrorCode.NOT_FOUND, "There is no such member.");
    }
}
