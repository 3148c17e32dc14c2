package dev.atrium.registry.error;

import dev.atrium.registry.api.error.ErrorCode;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;

/** The HTTP status of each code, and the code of a status that Spring chose. */
final class StatusOf {
    private StatusOf() {}

    static HttpStatus code(ErrorCode code) {
        return switch (code) {
            case INVALID_REQUEST -> HttpStatus.BAD_REQUEST;
            case UNAUTHENTICATED -> HttpStatus.UNAUTHORIZED;
            case PASSWORD_CHANGE_REQUIRED, INSUFFICIENT_SCOPE -> HttpStatus.FORBIDDEN;
            case NOT_FOUND -> HttpStatus.NOT_FOUND;
            case METHOD_NOT_ALLOWED -> HttpStatus.METHOD_NOT_ALLOWED;
            case NOT_ACCEPTABLE -> HttpStatus.NOT_ACCEPTABLE;
            case CONFLICT, NAME_TAKEN -> HttpStatus.CONFLICT;
            case ARTIFACT_TOO_LARGE, REQUEST_TOO_LARGE, STORAGE_QUOTA_EXCEEDED ->
                    HttpStatus.CONTENT_TOO_LARGE;
            case NAME_RESERVED, ARTIFACT_REJECTED, CHECKSUM_MISMATCH, UNSUPPORTED_FORMAT ->
                    HttpStatus.UNPROCESSABLE_CONTENT;
            case UNSUPPORTED_MEDIA_TYPE -> HttpStatus.UNSUPPORTED_MEDIA_TYPE;
            case TOO_MANY_ATTEMPTS -> HttpStatus.TOO_MANY_REQUESTS;
            case STORAGE_FULL -> HttpStatus.INSUFFICIENT_STORAGE;
            case UNAVAILABLE -> HttpStatus.SERVICE_UNAVAILABLE;
            case INTERNAL_ERROR -> HttpStatus.INTERNAL_SERVER_ERROR;
        };
    }

    static ErrorCode of(HttpStatusCode status) {
        return switch (status.value()) {
            case 401 -> ErrorCode.UNAUTHENTICATED;
            case 403 -> ErrorCode.INSUFFICIENT_SCOPE;
            case 404 -> ErrorCode.NOT_FOUND;
            case 405 -> ErrorCode.METHOD_NOT_ALLOWED;
            case 406 -> ErrorCode.NOT_ACCEPTABLE;
            case 409 -> ErrorCode.CONFLICT;
            case 413 -> ErrorCode.REQUEST_TOO_LARGE;
            case 415 -> ErrorCode.UNSUPPORTED_MEDIA_TYPE;
            case 429 -> ErrorCode.TOO_MANY_ATTEMPTS;
            case 503 -> ErrorCode.UNAVAILABLE;
            default ->
                    status.is4xxClientError()
                            ? ErrorCode.INVALID_REQUEST
                            : ErrorCode.INTERNAL_ERROR;
        };
    }
}
