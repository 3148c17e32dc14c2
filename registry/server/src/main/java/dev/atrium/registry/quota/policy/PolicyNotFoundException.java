package dev.atrium.registry.quota.policy;

import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.error.RegistryException;

/** No such policy in this tenant. */
public final class PolicyNotFoundException extends RegistryException {
    PolicyNotFoundException() {
        super(ErrorCode.NOT_FOUND, "There is no such quota policy.");
    }
}
