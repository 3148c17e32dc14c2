package dev.atrium.registry.api.feed;

import dev.atrium.registry.api.pricing.PriceListId;
import dev.atrium.registry.api.tenancy.TenantId;
import org.jspecify.annotations.Nullable;

/**
 * By which list a tenant pays. What a tenant's own list does not say is taken from everybody's
 * where both are in one currency.
 *
 * @param tenantId null for every tenant that has no list of its own
 */
public record FeedPriceAssignment(@Nullable TenantId tenantId, PriceListId listId) {}
