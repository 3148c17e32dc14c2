package dev.atrium.registry.api.usage;

import dev.atrium.registry.api.catalog.ModelId;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.catalog.ModelVersionId;
import dev.atrium.registry.api.identity.PrincipalKind;
import dev.atrium.registry.api.quota.Charge;
import dev.atrium.registry.api.tenancy.ProjectId;
import dev.atrium.registry.api.tenancy.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * What a gateway journals before the first byte goes to a node.
 *
 * @param charges what was reserved; nothing is charged yet
 */
public record OpenCall(
        UUID callId,
        TenantId tenantId,
        ProjectId projectId,
        PrincipalKind principalKind,
        String principalId,
        ModelId modelId,
        ModelName modelName,
        ModelVersionId versionId,
        int version,
        Operation operation,
        Instant openedAt,
        List<Charge> charges) {
    public OpenCall {
        // Journals of former versions have none.
        charges = charges == null ? List.of() : List.copyOf(charges);
    }
}
