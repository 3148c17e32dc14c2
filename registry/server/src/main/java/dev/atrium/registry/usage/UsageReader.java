package dev.atrium.registry.usage;

import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.pricing.Cost;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.api.usage.CallTime;
import dev.atrium.registry.api.usage.UsageBucket;
import dev.atrium.registry.api.usage.UsageGrouping;
import dev.atrium.registry.api.usage.UsageRecord;
import dev.atrium.registry.paging.PageRequest;
import dev.atrium.registry.paging.Paging;
import dev.atrium.registry.paging.Window;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
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
    private final LedgerRow ledgerRow;

    UsageReader(JdbcClient jdbc, Paging paging, JsonMapper json, LedgerRow ledgerRow) {
        this.jdbc = jdbc;
        this.paging = paging;
        this.json = json;
        this.ledgerRow = ledgerRow;
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
                                   least(9000000000000000000, sum(cost_micros)) AS cost_micros,
                                   nullif(least(9000000000000000000, sum(free_micros)), 0)
                                       AS free_micros,
                                   %s, %s
                            FROM usage_hourly WHERE tenant_id = ? AND hour >= ? AND hour < ?
                            GROUP BY 1, 2, 3)
                        SELECT hour, "group", sum(calls) AS calls,
                               sum(failed_calls) AS failed_calls, sum(input_tokens) AS input_tokens,
                               sum(output_tokens) AS output_tokens,
                               sum(compute_micros) AS compute_micros,
                               %s, %s,
                               coalesce(jsonb_agg(
                                   jsonb_build_object('micros', cost_micros, 'currency', currency,
                                       'freeMicros', free_micros)
                                   ORDER BY currency) FILTER (WHERE currency IS NOT NULL),
                                   '[]')::text AS costs
                        FROM by_currency GROUP BY 1, 2 ORDER BY 1, 2
                        """
                                .formatted(
                                        column(grouping),
                                        EnergyColumns.SUMS,
                                        MediaColumns.sums("usage_hourly"),
                                        EnergyColumns.SUMS,
                                        MediaColumns.sums("by_currency")))
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
            case LABEL -> "label";
        };
    }

    /** Newest first. */
    @Transactional(readOnly = true)
    public Page<UsageRecord> records(TenantId tenant, Span span, PageRequest request) {
        Window window = paging.window("usage", request);
        return paging.page(
                window,
                records(tenant, span, CallFilter.NONE, window),
                row -> row.callId().toString(),
                row -> row);
    }

    /** As many as the window fetches, newest first. */
    @Transactional(readOnly = true)
    public List<UsageRecord> records(TenantId tenant, Span span, CallFilter filter, Window window) {
        UUID before = before(span, window);
        return jdbc.sql(
                        """
                        SELECT * FROM usage_record
                        WHERE tenant_id = :tenant AND day BETWEEN :first_day AND :last_day
                          AND call_id >= :first AND call_id < :before
                          AND (:principal::text IS NULL OR principal_id = :principal)
                          AND (:model::text IS NULL OR model_name = :model)
                          AND (:outcome::text IS NULL OR outcome = :outcome)
                          AND (:label::text IS NULL OR label = :label)
                        ORDER BY day DESC, call_id DESC LIMIT :most
                        """)
                .param("tenant", tenant.value())
                .param("first_day", CallTime.day(CallTime.first(span.from())))
                .param("last_day", CallTime.day(before))
                .param("first", CallTime.first(span.from()))
                .param("before", before)
                .param("principal", filter.principal())
                .param("model", filter.model())
                .param("outcome", filter.outcomeName())
                .param("label", filter.label())
                .param("most", window.fetch())
                .query(ledgerRow)
                .list();
    }

    /** The ids of a page are smaller than this: the span's end, or the last one that was seen. */
    static UUID before(Span span, Window window) {
        UUID end = CallTime.first(span.to());
        return window.after().map(UUID::fromString).filter(id -> isBefore(id, end)).orElse(end);
    }

    /** One call of the tenant, by the day that its id names. */
    @Transactional(readOnly = true)
    public Optional<UsageRecord> find(TenantId tenant, UUID callId) {
        return jdbc.sql(
                        "SELECT * FROM usage_record"
                                + " WHERE tenant_id = ? AND day = ? AND call_id = ?")
                .params(tenant.value(), CallTime.day(callId), callId)
                .query(ledgerRow)
                .optional();
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
                List.of(json.readValue(row.getString("costs"), Cost[].class)),
                EnergyColumns.sum(row),
                MediaColumns.of(row));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
