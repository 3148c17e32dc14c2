package dev.atrium.registry.api.pricing;

import dev.atrium.registry.api.catalog.ModelName;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Sets a price.
 *
 * @param model null for every model
 * @param version null for every version
 * @param effectiveFrom now when null; never in the past
 * @param prices at least one amount
 */
public record CreatePriceEntry(
        @Nullable ModelName model,
        @Nullable Integer version,
        @Nullable Instant effectiveFrom,
        UnitPrices prices) {}
