package dev.atrium.registry.apikey;

import dev.atrium.registry.api.tenancy.ProjectId;
import dev.atrium.registry.api.tenancy.TenantId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Everything that is decided when a key is made. */
record NewApiKey(
        String id,
        TenantId tenantId,
        ProjectId projectId,
        String name,
        String hint,
        String secretHash,
        List<String> scopes,
        List<String> allowedModels,
        int requestsPerMinute,
        String createdBy,
        Instant createdAt,
        @Nullable Instant expiresAt,
        @Nullable String label) {}
