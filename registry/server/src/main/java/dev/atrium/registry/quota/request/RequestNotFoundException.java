package dev.atrium.registry.quota.request;

import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.error.RegistryException;

/** No such request that the caller may see. */
public final class RequestNotFoundException extends RegistryException {
    RequestNotFoundException() {
        super(ErrorCode.NOT_FOUND, "There is no such quota request.");
    }
}
