package dev.atrium.registry.api.quota;

import dev.atrium.registry.api.tenancy.TenantId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A limit on what a tenant, or a part of it, may use.
 *
 * @param amount how much per window, in the unit; 0 refuses every call
 * @param burst rates only: how much at once, at least 1; the amount where it is a sliding window;
 *     null otherwise
 * @param warnPercent people are told when this part of the amount is used
 * @param revision to be sent back with a change
 * @param currency of {@link Unit#COST_MICROS}, ISO 4217, that of the tenant's price list when the
 *     policy was made; null for every other unit
 * @param plan what it was made from; null for one that was made by itself
 */
public record Policy(
        PolicyId id,
        TenantId tenantId,
        String name,
        PolicySubject subject,
        Unit unit,
        Window window,
        long amount,
        @Nullable Long burst,
        Mode mode,
        int warnPercent,
        Origin origin,
        String createdBy,
        Instant createdAt,
        Instant updatedAt,
        int revision,
        @Nullable String currency,
        @Nullable PlanOrigin plan) {}
