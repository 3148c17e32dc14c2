package dev.atrium.registry.api.feed;

import dev.atrium.registry.api.quota.Mode;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.PolicySubject;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import dev.atrium.registry.api.tenancy.TenantId;
import org.jspecify.annotations.Nullable;

/**
 * A quota policy as gateways enforce it.
 *
 * @param currency of {@link Unit#COST_MICROS}; null for every other unit
 */
public record FeedPolicy(
        PolicyId id,
        TenantId tenantId,
        String name,
        PolicySubject subject,
        Unit unit,
        Window window,
        long amount,
        @Nullable Long burst,
        Mode mode,
        @Nullable String currency) {}
