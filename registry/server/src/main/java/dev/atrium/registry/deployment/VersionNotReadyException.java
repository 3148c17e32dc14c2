package dev.atrium.registry.deployment;

import dev.atrium.registry.api.catalog.ModelVersion;
import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.error.RegistryException;

/** Only a READY version can be deployed. */
public final class VersionNotReadyException extends RegistryException {
    VersionNotReadyException(ModelVersion version) {
        super(
                ErrorCode.CONFLICT,
                "version "
                        + version.number()
                        + " of "
                        + version.model()
                        + " is "
                        + version.state()
                        + "; only a READY version can be deployed");
    }
}
