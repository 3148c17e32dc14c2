package dev.atrium.registry.api.usage;

import dev.atrium.registry.api.catalog.ModelId;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.identity.PrincipalKind;
import dev.atrium.registry.api.tenancy.ProjectId;
import dev.atrium.registry.api.tenancy.TenantId;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Whose call an attempt belongs to, as its grant said. With it the ledger can have the call also
 * where its gateway never speaks again.
 *
 * @param gatewayId the gateway that let the call through
 * @param label the cost centre; null without one
 * @param reserved what the call had reserved, as {@link
 *     dev.atrium.registry.api.quota.ReservedLeases} writes it; null where that is not known
 */
public record GrantedCall(
        UUID gatewayId,
        TenantId tenantId,
        ProjectId projectId,
        PrincipalKind principalKind,
        String principalId,
        ModelId modelId,
        ModelName modelName,
        int version,
        Operation operation,
        @Nullable String label,
        @Nullable String reserved) {}
