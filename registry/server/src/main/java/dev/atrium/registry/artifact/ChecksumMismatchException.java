package dev.atrium.registry.artifact;

import dev.atrium.registry.api.error.ErrorCode;
import dev.atrium.registry.error.RegistryException;

/** What arrived is not what the sender announced. */
public final class ChecksumMismatchException extends RegistryException {
    ChecksumMismatchException(String announced, String received) {
        super(
                ErrorCode.CHECKSUM_MISMATCH,
                "the bytes received have the SHA-256 "
                        + received
                        + ", the request announced "
                        + announced
                        + "; send the file again");
    }
}
