package dev.atrium.registry.api.pricing;

import org.jspecify.annotations.Nullable;

/**
 * By which list a tenant pays from now on.
 *
 * @param listId null for that of everybody
 */
public record AssignPriceList(@Nullable PriceListId listId) {}
