package dev.atrium.registry.usage;

import dev.atrium.registry.api.catalog.ModelId;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.catalog.ModelVersionId;
import dev.atrium.registry.api.identity.PrincipalKind;
import dev.atrium.registry.api.node.NodeId;
import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.pricing.Cost;
import dev.atrium.registry.api.pricing.PriceId;
import dev.atrium.registry.api.quota.Charge;
import dev.atrium.registry.api.tenancy.ProjectId;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.api.usage.Operation;
import dev.atrium.registry.api.usage.Outcome;
import dev.atrium.registry.api.usage.UsageBucket;
import dev.atrium.registry.api.usage.UsageGrouping;
import dev.atrium.registry.api.usage.UsageRecord;
import dev.atrium.registry.api.usage.UsageSource;
import dev.atrium.registry.paging.PageRequest;
import dev.atrium.registry.paging.Paging;
import dev.atrium.registry.paging.Window;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/** What a tenant used, as sums per hour and call by call. */
@Component
class UsageReader {
    private final JdbcClient jdbc;
    private final Paging paging;
    private final JsonMapper json;

    UsageReader(JdbcClient jdbc, Paging paging, JsonMapper json) {
        this.jdbc = jdbc;
        this.paging = paging;
        this.json = json;
    }

    /** Hours that begin in the span, in order; hours without calls are left out. */
    @Transactional(readOnly = true)
    public List<UsageBucket> hourly(TenantId tenant, Span span, UsageGrouping grouping) {
        return jdbc.sql(
                        """
                        WITH by_currency AS (
                            SELECT hour, %s AS "group", currency, sum(calls) AS calls,
                                   sum(failed_calls) AS failed_calls,
                                   sum(input_tokens) AS input_tokens,
                                   sum(output_tokens) AS output_tokens,
                                   sum(compute_micros) AS compute_micros,
                                   least(9000000000000000000, sum(cost_micros)) AS cost_micros
                            FROM usage_hourly WHERE tenant_id = ? AND hour >= ? AND hour < ?
                            GROUP BY 1, 2, 3)
                        SELECT hour, "group", sum(calls) AS calls,
                               sum(failed_calls) AS failed_calls, sum(input_tokens) AS input_tokens,
                               sum(output_tokens) AS output_tokens,
                               sum(compute_micros) AS compute_micros,
                               coalesce(jsonb_agg(
                                   jsonb_build_object('micros', cost_micros, 'currency', currency)
                                   ORDER BY currency) FILTER (WHERE currency IS NOT NULL),
                                   '[]')::text AS costs
                        FROM by_currency GROUP BY 1, 2 ORDER BY 1, 2
                        """
                                .formatted(column(grouping)))
                .params(
                        tenant.value(),
                        span.firstHour().atOffset(ZoneOffset.UTC),
                        span.to().atOffset(ZoneOffset.UTC))
                .query(this::bucket)
                .list();
    }

    private static String column(UsageGrouping grouping) {
        return switch (grouping) {
            case NONE -> "NULL::text";
            case MODEL -> "model_name";
            case PRINCIPAL -> "principal_id";
            case OPERATION -> "operation";
        };
    }

    /** Newest first. */
    @Transactional(readOnly = true)
    public Page<UsageRecord> records(TenantId tenant, Span span, PageRequest request) {
        Window window = paging.window("usage", request);
        UUID end = CallTime.first(span.to());
        UUID before =
                window.after().map(UUID::fromString).filter(id -> isBefore(id, end)).orElse(end);
        List<UsageRecord> rows =
                jdbc.sql(
                                """
                                SELECT * FROM usage_record
                                WHERE tenant_id = ? AND day BETWEEN ? AND ?
                                  AND call_id >= ? AND call_id < ?
                                ORDER BY day DESC, call_id DESC LIMIT ?
                                """)
                        .params(
                                tenant.value(),
                                CallTime.day(CallTime.first(span.from())),
                                CallTime.day(before),
                                CallTime.first(span.from()),
                                before,
                                window.fetch())
                        .query(this::record)
                        .list();
        return paging.page(window, rows, row -> row.callId().toString(), row -> row);
    }

    private static boolean isBefore(UUID one, UUID other) {
        return Long.compareUnsigned(one.getMostSignificantBits(), other.getMostSignificantBits())
                < 0;
    }

    private UsageBucket bucket(ResultSet row, int number) throws SQLException {
        return new UsageBucket(
                instant(row, "hour"),
                row.getString("group"),
                row.getLong("calls"),
                row.getLong("failed_calls"),
                row.getLong("input_tokens"),
                row.getLong("output_tokens"),
                row.getLong("compute_micros"),
                List.of(json.readValue(row.getString("costs"), Cost[].class)));
    }

    private UsageRecord record(ResultSet row, int number) throws SQLException {
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
                cost(row));
    }

    private static @Nullable PriceId price(@Nullable UUID id) {
        return id == null ? null : new PriceId(id);
    }

    private static @Nullable Cost cost(ResultSet row) throws SQLException {
        String currency = row.getString("currency");
        return currency == null ? null : new Cost(row.getLong("cost_micros"), currency);
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
