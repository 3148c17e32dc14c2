package dev.atrium.registry.api.error;

/**
 * Stable codes of the management API, the {@code code} member of a problem body; lower case on the
 * wire. A code never changes its meaning.
 */
public enum ErrorCode {
    INVALID_REQUEST,
    UNAUTHENTICATED,
    PASSWORD_CHANGE_REQUIRED,
    INSUFFICIENT_SCOPE,
    NOT_FOUND,
    METHOD_NOT_ALLOWED,
    NOT_ACCEPTABLE,
    REQUEST_TOO_LARGE,
    CONFLICT,
    NAME_TAKEN,
    NAME_RESERVED,
    ARTIFACT_TOO_LARGE,
    ARTIFACT_REJECTED,
    CHECKSUM_MISMATCH,
    UNSUPPORTED_FORMAT,
    UNSUPPORTED_MEDIA_TYPE,
    TOO_MANY_ATTEMPTS,
    STORAGE_FULL,
    STORAGE_QUOTA_EXCEEDED,
    UNAVAILABLE,
    INTERNAL_ERROR;

    public String wireName() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
