package dev.atrium.registry.api.usage;

import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.identity.PrincipalKind;
import dev.atrium.registry.api.pricing.Cost;
import dev.atrium.registry.api.tenancy.ProjectId;
import dev.atrium.registry.api.tenancy.TenantId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the calls of one group used together. Of the members that name the group, those are null
 * that nobody asked to split by.
 *
 * @param begin of the group's hour or day
 * @param end first moment after it
 * @param label empty for calls without one
 * @param failedCalls calls whose outcome is not OK
 * @param costs of the calls that have a price, one per currency
 * @param energy of the calls that have a figure of it; null where none has
 * @param cachedInput of the calls of which it is known; null where it is of none
 * @param media pictures and sound of the calls; null where there were none
 */
public record UsageSum(
        @Nullable Instant begin,
        @Nullable Instant end,
        @Nullable TenantId tenantId,
        @Nullable ProjectId projectId,
        @Nullable PrincipalKind principalKind,
        @Nullable String principalId,
        @Nullable ModelName model,
        @Nullable Integer version,
        @Nullable Operation operation,
        @Nullable String label,
        long calls,
        long failedCalls,
        long inputTokens,
        long outputTokens,
        long computeMicros,
        List<Cost> costs,
        @Nullable EnergySum energy,
        @Nullable CachedInput cachedInput,
        @Nullable Media media) {
    public UsageSum {
        costs = List.copyOf(costs);
    }
}
