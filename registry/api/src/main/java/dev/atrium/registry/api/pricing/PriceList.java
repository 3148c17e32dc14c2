package dev.atrium.registry.api.pricing;

import java.time.Instant;

/**
 * Prices in one currency.
 *
 * @param currency ISO 4217; never changes
 * @param defaultList whether every tenant that has no list of its own pays by it
 * @param tenants how many tenants have it as a list of their own
 */
public record PriceList(
        PriceListId id,
        String name,
        String currency,
        boolean defaultList,
        long tenants,
        String createdBy,
        Instant createdAt) {}
