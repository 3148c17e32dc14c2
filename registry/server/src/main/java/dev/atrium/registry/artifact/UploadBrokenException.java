package dev.atrium.registry.artifact;

import dev.atrium.registry.error.InvalidRequestException;

/** The sender went away, or said less or more than it announced. */
public final class UploadBrokenException extends InvalidRequestException {
    UploadBrokenException() {
        super("the upload ended before the file did; send it again");
    }
}
