package dev.atrium.registry.api.usage;

import dev.atrium.registry.api.catalog.ModelId;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.catalog.ModelVersionId;
import dev.atrium.registry.api.identity.PrincipalKind;
import dev.atrium.registry.api.pricing.PriceId;
import dev.atrium.registry.api.quota.Charge;
import dev.atrium.registry.api.tenancy.ProjectId;
import dev.atrium.registry.api.tenancy.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a gateway journals before the first byte goes to a node.
 *
 * @param charges what was reserved; nothing is charged yet
 * @param priceId by what the call is to be paid; null where there was no price, and in journals of
 *     former versions
 * @param label the cost centre that the call names, otherwise its key's; null without one
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
        List<Charge> charges,
        @Nullable PriceId priceId,
        @Nullable String label) {
    public OpenCall {
        // Journals of former versions have none.
        charges = charges == null ? List.of() : List.copyOf(charges);
    }

    /** The same where it had reserved this and is paid by this price. */
    public OpenCall reserving(List<Charge> reserved, @Nullable PriceId paidBy) {
        return new OpenCall(
                callId,
                tenantId,
                projectId,
                principalKind,
                principalId,
                modelId,
                modelName,
                versionId,
                version,
                operation,
                openedAt,
                reserved,
                paidBy,
                label);
    }
}
