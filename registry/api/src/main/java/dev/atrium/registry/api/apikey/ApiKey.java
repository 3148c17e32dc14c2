package dev.atrium.registry.api.apikey;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An API key as its owner sees it after creation.
 *
 * @param id the public part, {@code <key id>} of {@code atr_<key id>_<secret>}
 * @param hint what a person recognises it by: prefix and last four characters
 * @param allowedModels full model names ({@code tenant/name}); empty allows all that are visible
 * @param requestsPerMinute the fixed limit of this key
 * @param label cost centre of the calls that name none; null without one
 */
public record ApiKey(
        String id,
        String name,
        String hint,
        List<String> scopes,
        List<String> allowedModels,
        int requestsPerMinute,
        Instant createdAt,
        @Nullable Instant expiresAt,
        @Nullable Instant revokedAt,
        @Nullable Instant lastUsedAt,
        String createdBy,
        @Nullable String label) {
    public ApiKey {
        scopes = List.copyOf(scopes);
        allowedModels = List.copyOf(allowedModels);
    }
}
