package dev.atrium.registry.pricing;

import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.pricing.FreeUnits;
import dev.atrium.registry.api.pricing.FreeUse;
import dev.atrium.registry.api.pricing.Price;
import dev.atrium.registry.api.pricing.PriceEntry;
import dev.atrium.registry.api.pricing.PriceId;
import dev.atrium.registry.api.pricing.PriceList;
import dev.atrium.registry.api.pricing.PriceListId;
import dev.atrium.registry.api.pricing.UnitPrices;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Objects;
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

    static FreeUse freeUse(ResultSet row, int number) throws SQLException {
        return new FreeUse(
                new PriceId(row.getObject("price_id", UUID.class)),
                row.getObject("month", LocalDate.class),
                Objects.requireNonNullElse(free(row), FreeUnits.NONE),
                new FreeUnits(
                        row.getLong("used_requests"),
                        row.getLong("used_input"),
                        row.getLong("used_output"),
                        row.getLong("used_millis"),
                        row.getLong("used_images"),
                        row.getLong("used_audio")));
    }

    private static UnitPrices units(ResultSet row) throws SQLException {
        return new UnitPrices(
                row.getObject("requests", Long.class),
                row.getObject("input_tokens", Long.class),
                row.getObject("output_tokens", Long.class),
                row.getObject("compute_millis", Long.class),
                row.getObject("images", Long.class),
                row.getObject("audio_millis", Long.class),
                free(row));
    }

    private static @Nullable FreeUnits free(ResultSet row) throws SQLException {
        FreeUnits free =
                new FreeUnits(
                        row.getObject("free_requests", Long.class),
                        row.getObject("free_input_tokens", Long.class),
                        row.getObject("free_output_tokens", Long.class),
                        row.getObject("free_compute_millis", Long.class),
                        row.getObject("free_images", Long.class),
                        row.getObject("free_audio_millis", Long.class));
        return free.equals(FreeUnits.NONE) ? null : free;
    }
}
