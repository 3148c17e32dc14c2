package dev.atrium.registry.api.pricing;

import java.time.LocalDate;

/**
 * What a tenant has had of the free units of a price in a month.
 *
 * @param month its first day, in the tenant's time zone
 * @param used never more than {@code free}; 0 of units that are not free
 */
public record FreeUse(PriceId priceId, LocalDate month, FreeUnits free, FreeUnits used) {}
