package dev.atrium.registry.usage;

import dev.atrium.registry.api.catalog.ModelId;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.catalog.ModelVersionId;
import dev.atrium.registry.api.identity.PrincipalKind;
import dev.atrium.registry.api.node.NodeId;
import dev.atrium.registry.api.pricing.Cost;
import dev.atrium.registry.api.pricing.PriceId;
import dev.atrium.registry.api.quota.Charge;
import dev.atrium.registry.api.tenancy.ProjectId;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.api.usage.Operation;
import dev.atrium.registry.api.usage.Outcome;
import dev.atrium.registry.api.usage.UsageRecord;
import dev.atrium.registry.api.usage.UsageSource;
import dev.atrium.registry.api.usage.Waiver;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** A row of the ledger as a record. */
@Component
class LedgerRow implements RowMapper<UsageRecord> {
    private final JsonMapper json;

    LedgerRow(JsonMapper json) {
        this.json = json;
    }

    @Override
    public UsageRecord mapRow(ResultSet row, int number) throws SQLException {
        return new UsageRecord(
                row.getObject("call_id", UUID.class),
                new TenantId(row.getObject("tenant_id", UUID.class)),
                new ProjectId(row.getObject("project_id", UUID.class)),
                PrincipalKind.valueOf(row.getString("principal_kind")),
                row.getString("principal_id"),
                new ModelId(row.getObject("model_id", UUID.class)),
                ModelName.of(row.getString("model_name")),
                new ModelVersionId(row.getObject("version_id", UUID.class)),
                row.getInt("version"),
                Operation.valueOf(row.getString("operation")),
                Outcome.valueOf(row.getString("outcome")),
                row.getInt("http_status"),
                row.getInt("attempts"),
                node(row.getObject("node_id", UUID.class)),
                row.getLong("input_tokens"),
                row.getLong("output_tokens"),
                row.getLong("compute_micros"),
                row.getObject("time_to_first_byte_micros", Long.class),
                instant(row, "opened_at"),
                instant(row, "settled_at"),
                UsageSource.valueOf(row.getString("source")),
                charges(row.getString("charges")),
                price(row.getObject("price_id", UUID.class)),
                cost(row),
                row.getString("label"),
                EnergyColumns.call(row),
                row.getObject("cached_input_tokens", Long.class),
                MediaColumns.of(row),
                waiver(row.getString("waived")));
    }

    private static @Nullable Waiver waiver(@Nullable String name) {
        return name == null ? null : Waiver.valueOf(name);
    }

    private static @Nullable PriceId price(@Nullable UUID id) {
        return id == null ? null : new PriceId(id);
    }

    private static @Nullable Cost cost(ResultSet row) throws SQLException {
        String currency = row.getString("currency");
        return currency == null
                ? null
                : new Cost(
                        row.getLong("cost_micros"),
                        currency,
                        row.getObject("free_micros", Long.class));
    }

    private List<Charge> charges(@Nullable String column) {
        return column == null ? List.of() : List.of(json.readValue(column, Charge[].class));
    }

    private static @Nullable NodeId node(@Nullable UUID id) {
        return id == null ? null : new NodeId(id);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
