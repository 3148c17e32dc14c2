package dev.atrium.registry.artifact;

import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.error.RegistryException;

/** The store's disk has no room; nothing of the upload was kept. */
public final class StorageFullException extends RegistryException {
    StorageFullException(Throwable cause) {
        super(
                ErrorCode.STORAGE_FULL,
                "the artifact store has no room for this file; nothing of it was kept",
                cause);
    }
}
