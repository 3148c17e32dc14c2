package dev.atrium.registry.error;

import dev.atrium.registry.api.error.ErrorCode;

/** A body beyond the limit of its path. */
public class RequestTooLargeException extends RegistryException {
    public RequestTooLargeException(long limitBytes) {
        super(
                ErrorCode.REQUEST_TOO_LARGE,
                "the body is larger than " + limitBytes + " bytes, the limit of this path");
    }
}
