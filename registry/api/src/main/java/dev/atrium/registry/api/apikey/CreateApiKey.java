package dev.atrium.registry.api.apikey;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks for a key.
 *
 * @param scopes a subset of the caller's own; null takes {@code inference:invoke models:read}
 * @param allowedModels full model names; null or empty allows all that are visible
 * @param expiresAt null never expires
 * @param requestsPerMinute null takes the registry's default
 * @param label cost centre of the calls that name none, as {@code Labels} has them; null without
 *     one
 */
public record CreateApiKey(
        String name,
        @Nullable List<String> scopes,
        @Nullable List<String> allowedModels,
        @Nullable Instant expiresAt,
        @Nullable Integer requestsPerMinute,
        @Nullable String label) {}
