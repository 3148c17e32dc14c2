package dev.atrium.gateway.feed;

import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.pricing.Price;
import dev.atrium.registry.api.pricing.PriceListId;
import dev.atrium.registry.api.tenancy.TenantId;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who pays what: a tenant by its own list, and by everybody's where it has none. What its own does
 * not say is taken from everybody's if both are in one currency.
 *
 * @param own of tenants that have a list of their own
 * @param general everybody's; null where there is none
 */
record Prices(
        Map<PriceListId, PriceBook> books,
        Map<TenantId, PriceListId> own,
        @Nullable PriceListId general) {
    static final Prices NONE = new Prices(Map.of(), Map.of(), null);

    @Nullable Price of(TenantId tenant, ModelName model, int version, Instant time) {
        if (books.isEmpty()) {
            return null;
        }
        PriceBook everybodys = general == null ? null : books.get(general);
        PriceListId ownId = own.get(tenant);
        PriceBook owns = ownId == null ? null : books.get(ownId);
        if (owns == null) {
            return everybodys == null ? null : everybodys.at(model, version, time);
        }
        Price price = owns.at(model, version, time);
        return price != null || everybodys == null || !everybodys.currency().equals(owns.currency())
                ? price
                : everybodys.at(model, version, time);
    }
}
