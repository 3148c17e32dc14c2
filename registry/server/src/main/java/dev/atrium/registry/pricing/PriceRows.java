package dev.atrium.registry.pricing;

import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.pricing.Price;
import dev.atrium.registry.api.pricing.PriceEntry;
import dev.atrium.registry.api.pricing.PriceId;
import dev.atrium.registry.api.pricing.PriceList;
import dev.atrium.registry.api.pricing.PriceListId;
import dev.atrium.registry.api.pricing.UnitPrices;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows as records. A row of a price comes with its list's currency. */
final class PriceRows {
    private PriceRows() {}

    static PriceList list(ResultSet row, int number) throws SQLException {
        return new PriceList(
                new PriceListId(row.getObject("id", UUID.class)),
                row.getString("name"),
                row.getString("currency"),
                row.getBoolean("default_list"),
                row.getLong("tenants"),
                row.getString("created_by"),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }

    static PriceEntry entry(ResultSet row, int number) throws SQLException {
        @Nullable String model = row.getString("model_name");
        return new PriceEntry(
                new PriceId(row.getObject("id", UUID.class)),
                new PriceListId(row.getObject("list_id", UUID.class)),
                row.getString("currency"),
                model == null ? null : ModelName.of(model),
                row.getObject("version", Integer.class),
                row.getObject("effective_from", OffsetDateTime.class).toInstant(),
                units(row),
                row.getString("created_by"),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }

    static Price price(ResultSet row, int number) throws SQLException {
        return new Price(
                new PriceId(row.getObject("id", UUID.class)),
                row.getString("currency"),
                units(row));
    }

    private static UnitPrices units(ResultSet row) throws SQLException {
        return new UnitPrices(
                row.getObject("requests", Long.class),
                row.getObject("input_tokens", Long.class),
                row.getObject("output_tokens", Long.class),
                row.getObject("compute_millis", Long.class));
    }
}
