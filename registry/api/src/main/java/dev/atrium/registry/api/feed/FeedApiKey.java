package dev.atrium.registry.api.feed;

import dev.atrium.registry.api.tenancy.ProjectId;
import dev.atrium.registry.api.tenancy.TenantId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A usable API key; revoking it removes the entry.
 *
 * @param secretHash lower-case hexadecimal SHA-256, {@code ApiKeyFormat.Parsed#secretHash}
 * @param label cost centre of the calls that name none; null without one
 */
public record FeedApiKey(
        String id,
        TenantId tenantId,
        ProjectId projectId,
        String secretHash,
        List<String> scopes,
        List<String> allowedModels,
        int requestsPerMinute,
        @Nullable Instant expiresAt,
        @Nullable String label) {
    public FeedApiKey {
        scopes = List.copyOf(scopes);
        allowedModels = List.copyOf(allowedModels);
    }
}
