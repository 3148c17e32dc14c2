package dev.atrium.registry.catalog;

import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.error.RegistryException;

/** The files of a version were refused; the version keeps the reason. */
public final class VersionRejectedException extends RegistryException {
    VersionRejectedException(String reason) {
        super(ErrorCode.ARTIFACT_REJECTED, reason);
    }
}
