package dev.atrium.registry.deployment;

import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.error.RegistryException;

/** The version is not deployed, or not the caller's. */
public final class DeploymentNotFoundException extends RegistryException {
    DeploymentNotFoundException() {
        super(ErrorCode.NOT_FOUND, "there is no such deployment here");
    }
}
