package dev.atrium.registry.quota.plan;

import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.error.RegistryException;

/** No such plan. */
public final class PlanNotFoundException extends RegistryException {
    PlanNotFoundException() {
        super(ErrorCode.NOT_FOUND, "There is no such plan.");
    }
}
