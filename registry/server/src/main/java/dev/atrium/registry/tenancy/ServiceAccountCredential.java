package dev.atrium.registry.tenancy;

import dev.atrium.registry.api.tenancy.ProjectId;
import dev.atrium.registry.api.tenancy.ServiceAccountId;
import dev.atrium.registry.api.tenancy.TenantId;
import java.time.Instant;
import java.util.List;

/**
 * A living service account as the authorization server needs it.
 *
 * @param secretHash SHA-256 of the secret; it is long and random, so nothing slower is needed
 */
public record ServiceAccountCredential(
        ServiceAccountId id,
        String clientId,
        String name,
        TenantId tenantId,
        ProjectId projectId,
        String secretHash,
        List<String> scopes,
        Instant createdAt) {
    public ServiceAccountCredential {
        scopes = List.copyOf(scopes);
    }
}
