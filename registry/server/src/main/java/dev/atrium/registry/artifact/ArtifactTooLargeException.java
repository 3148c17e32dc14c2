package dev.atrium.registry.artifact;

import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.error.RegistryException;

/** An upload passed the limit; told while the rest is still on its way. */
public final class ArtifactTooLargeException extends RegistryException {
    ArtifactTooLargeException(long limitBytes) {
        super(
                ErrorCode.ARTIFACT_TOO_LARGE,
                "the file is longer than the limit of "
                        + limitBytes
                        + " bytes (atrium.registry.artifact.max-file-bytes)");
    }
}
