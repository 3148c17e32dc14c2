package dev.atrium.registry.api.feed;

import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.pricing.PriceId;
import dev.atrium.registry.api.pricing.PriceListId;
import dev.atrium.registry.api.pricing.UnitPrices;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The prices of a list that are in effect or will be. */
public record FeedPriceList(PriceListId id, String currency, List<FeedPrice> prices) {
    public FeedPriceList {
        prices = List.copyOf(prices);
    }

    /**
     * @param model null for every model
     * @param version null for every version
     */
    public record FeedPrice(
            PriceId id,
            @Nullable ModelName model,
            @Nullable Integer version,
            Instant effectiveFrom,
            UnitPrices prices) {}
}
