package dev.atrium.registry.api.pricing;

import dev.atrium.registry.api.catalog.ModelName;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The whole price of a model version, of a model or of every model, from a time on. Of the entries
 * that fit a call the one counts that says most closely what it is for, and of those the newest.
 *
 * @param currency that of the list
 * @param model null for every model
 * @param version null for every version
 */
public record PriceEntry(
        PriceId id,
        PriceListId listId,
        String currency,
        @Nullable ModelName model,
        @Nullable Integer version,
        Instant effectiveFrom,
        UnitPrices prices,
        String createdBy,
        Instant createdAt) {}
