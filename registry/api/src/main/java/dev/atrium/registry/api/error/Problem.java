package dev.atrium.registry.api.error;

import org.jspecify.annotations.Nullable;

/**
 * An RFC 9457 problem body as the registry answers it on {@code /api}.
 *
 * @param type URI reference, {@code about:blank} when the code says it all
 * @param status the HTTP status again
 * @param detail what was wrong, with which value, and what to do
 * @param code the stable {@link ErrorCode#wireName()}
 * @param requestId names the log line of the server
 */
public record Problem(
        @Nullable String type,
        @Nullable String title,
        int status,
        @Nullable String detail,
        @Nullable String instance,
        @Nullable String code,
        @Nullable String requestId) {}
