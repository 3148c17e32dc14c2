package dev.atrium.registry.usage;

import dev.atrium.registry.api.pricing.Price;
import dev.atrium.registry.api.quota.Charge;
import dev.atrium.registry.api.usage.CallTime;
import dev.atrium.registry.api.usage.UsageRecord;
import dev.atrium.registry.pricing.CallPrices;
import dev.atrium.registry.quota.GivenUpLeases;
import dev.atrium.registry.quota.Settlements;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Posts records once. One statement inserts what is new and moves the hourly sums by exactly that,
 * so the sums equal the ledger at every commit.
 *
 * <p>A call whose reservation was freed before anybody told of its end is posted like any other,
 * with its figures, and charged nothing.
 *
 * <p>A call whose day is closed is posted like any other and noted as late, for the next statement.
 *
 * <p>Rows are locked in one order, what tenants have had of free units, records by day and call id,
 * then sums by their key, then the windows of quotas; so intakes of overlapping batches wait for
 * each other and never in a circle.
 */
@Component
class Ledger {
    private static final String POST =
            """
            WITH shipped AS (
                SELECT (uuid_extract_timestamp("callId") AT TIME ZONE 'UTC')::date AS day, r.*
                FROM jsonb_to_recordset(?::jsonb) AS r(
                    "callId" uuid, "tenantId" uuid, "projectId" uuid, "principalKind" text,
                    "principalId" text, "modelId" uuid, "modelName" text, "versionId" uuid,
                    "version" integer, "operation" text, "outcome" text, "httpStatus" integer,
                    "attempts" integer, "nodeId" uuid, "inputTokens" bigint,
                    "outputTokens" bigint, "computeMicros" bigint,
                    "timeToFirstByteMicros" bigint, "openedAt" timestamptz,
                    "settledAt" timestamptz, "source" text, "charges" jsonb, "priceId" uuid,
                    "cost" jsonb, label text, energy jsonb, "cachedInputTokens" bigint,
                    media jsonb, waived text)
            ), posted AS (
                INSERT INTO usage_record (
                    day, call_id, tenant_id, project_id, principal_kind, principal_id, model_id,
                    model_name, version_id, version, operation, outcome, http_status, attempts,
                    node_id, input_tokens, output_tokens, compute_micros,
                    time_to_first_byte_micros, opened_at, settled_at, source, charges, price_id,
                    cost_micros, currency, label, energy_microjoules, carbon_nanograms,
                    energy_method, free_micros, cached_input_tokens, images, audio_millis,
                    waived, gateway_id)
                SELECT day, "callId", "tenantId", "projectId", "principalKind", "principalId",
                       "modelId", "modelName", "versionId", version, operation, outcome,
                       "httpStatus", attempts, "nodeId", "inputTokens", "outputTokens",
                       "computeMicros", "timeToFirstByteMicros", "openedAt", "settledAt", source,
                       charges, "priceId", (cost ->> 'micros')::bigint, cost ->> 'currency',
                       label, (energy ->> 'microjoules')::bigint,
                       (energy ->> 'carbonNanograms')::bigint, energy ->> 'method',
                       (cost ->> 'freeMicros')::bigint, "cachedInputTokens",
                       (media ->> 'images')::bigint, (media ->> 'audioMillis')::bigint, waived,
                       ?::uuid
                FROM shipped ORDER BY day, "callId"
                ON CONFLICT DO NOTHING
                RETURNING *
            ), summed AS (
                INSERT INTO usage_hourly AS h (
                    hour, tenant_id, project_id, principal_kind, principal_id, model_name,
                    version, operation, currency, label, calls, failed_calls, input_tokens,
                    output_tokens, compute_micros, cost_micros, energy_calls,
                    energy_measured_calls, energy_microjoules, carbon_calls, carbon_tokens,
                    carbon_nanograms, free_micros, cached_calls, cached_input_tokens, images,
                    audio_millis)
                SELECT date_trunc('hour', uuid_extract_timestamp(p.call_id), 'UTC'), p.tenant_id,
                       p.project_id, p.principal_kind, p.principal_id, p.model_name, p.version,
                       p.operation, p.currency,
                       CASE WHEN p.label IS NOT NULL THEN coalesce(l.label, 'other') END,
                       count(*), count(*) FILTER (WHERE p.outcome <> 'OK'),
                       sum(p.input_tokens), sum(p.output_tokens), sum(p.compute_micros),
                       sum(p.cost_micros), count(p.energy_microjoules),
                       count(*) FILTER (WHERE p.energy_method = 'MEASURED'),
                       coalesce(sum(p.energy_microjoules), 0), count(p.carbon_nanograms),
                       coalesce(sum(p.input_tokens + p.output_tokens)
                           FILTER (WHERE p.carbon_nanograms IS NOT NULL), 0),
                       coalesce(sum(p.carbon_nanograms), 0), coalesce(sum(p.free_micros), 0),
                       count(p.cached_input_tokens), coalesce(sum(p.cached_input_tokens), 0),
                       coalesce(sum(p.images), 0), coalesce(sum(p.audio_millis), 0)
                FROM posted p LEFT JOIN usage_label l USING (tenant_id, day, label)
                GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
                ORDER BY 2, 1, 3, 4, 5, 6, 7, 8, 9, 10
                ON CONFLICT (tenant_id, hour, project_id, principal_kind, principal_id,
                             model_name, version, operation, currency, label) DO UPDATE SET
                    calls = h.calls + excluded.calls,
                    failed_calls = h.failed_calls + excluded.failed_calls,
                    input_tokens = h.input_tokens + excluded.input_tokens,
                    output_tokens = h.output_tokens + excluded.output_tokens,
                    compute_micros = h.compute_micros + excluded.compute_micros,
                    cost_micros = CASE WHEN excluded.cost_micros IS NOT NULL THEN
                        least(9000000000000000000, h.cost_micros::numeric + excluded.cost_micros)
                        END,
                    energy_calls = h.energy_calls + excluded.energy_calls,
                    energy_measured_calls =
                        h.energy_measured_calls + excluded.energy_measured_calls,
                    energy_microjoules = least(9000000000000000000,
                        h.energy_microjoules::numeric + excluded.energy_microjoules),
                    carbon_calls = h.carbon_calls + excluded.carbon_calls,
                    carbon_tokens = h.carbon_tokens + excluded.carbon_tokens,
                    carbon_nanograms = least(9000000000000000000,
                        h.carbon_nanograms::numeric + excluded.carbon_nanograms),
                    free_micros = least(9000000000000000000,
                        h.free_micros::numeric + excluded.free_micros),
                    cached_calls = h.cached_calls + excluded.cached_calls,
                    cached_input_tokens = h.cached_input_tokens + excluded.cached_input_tokens,
                    images = h.images + excluded.images,
                    audio_millis = h.audio_millis + excluded.audio_millis
            ), late AS (
                INSERT INTO usage_late (day, call_id, tenant_id, statement_day)
                SELECT day, call_id, tenant_id, open_day
                FROM posted, (SELECT usage_open_day() AS open_day) books
                WHERE day < open_day
            )
            SELECT call_id, charges::text AS charges FROM posted
            """;

    private final JdbcClient platform;
    private final Partitions partitions;
    private final LedgerDays days;
    private final Settlements settlements;
    private final CallPrices prices;
    private final FreeTier free;
    private final GivenUpLeases givenUp;
    private final JsonMapper json;
    private final Counter waived;

    Ledger(
            @Qualifier("platformJdbc") JdbcClient platform,
            Partitions partitions,
            LedgerDays days,
            Settlements settlements,
            CallPrices prices,
            FreeTier free,
            GivenUpLeases givenUp,
            JsonMapper json,
            MeterRegistry meters) {
        this.platform = platform;
        this.partitions = partitions;
        this.days = days;
        this.settlements = settlements;
        this.prices = prices;
        this.free = free;
        this.givenUp = givenUp;
        this.json = json;
        this.waived =
                Counter.builder("atrium.usage.waived.calls")
                        .description(
                                "Calls that are charged nothing: what they had reserved was free")
                        .register(meters);
    }

    /** Makes room for the days of calls; before the transaction that posts them. */
    void prepare(Stream<UUID> callIds) {
        partitions.ensure(callIds.map(CallTime::day).collect(Collectors.toSet()));
    }

    /**
     * Posts in the caller's transaction, with what the calls cost and were charged; once in a
     * transaction, for its locks have an order.
     *
     * @return how many were new
     */
    int post(UUID gateway, List<UsageRecord> records) {
        days.keepOpen();
        Freed freed = freed(gateway, records);
        Map<UUID, Price> paid =
                new HashMap<>(prices.of(records.stream().map(Ledger::priced).toList()));
        List<UsageRecord> entries =
                records.stream()
                        .map(record -> freed.due(record.paidBy(paid.get(record.callId()))))
                        .toList();
        Set<UUID> gifts = gifts(entries);
        // They take nothing of what is free.
        paid.keySet().removeAll(gifts);
        FreeTier.Given given = free.give(entries, paid);
        List<Posted> posted =
                platform.sql(POST)
                        .params(json.writeValueAsString(given.entries()), gateway)
                        .query(this::posted)
                        .list();
        waived.increment(posted.stream().filter(it -> gifts.contains(it.callId())).count());
        free.count(given, posted.stream().map(Posted::callId).toList());
        settlements.post(
                posted.stream()
                        .flatMap(call -> freed.settling(call.callId(), call.charges()).stream())
                        .toList());
        return posted.size();
    }

    private static Set<UUID> gifts(List<UsageRecord> entries) {
        return entries.stream()
                .filter(entry -> entry.waived() != null)
                .map(UsageRecord::callId)
                .collect(Collectors.toSet());
    }

    private Freed freed(UUID gateway, List<UsageRecord> records) {
        GivenUpLeases.Among leases =
                givenUp.among(
                        gateway, records.stream().flatMap(it -> it.charges().stream()).toList());
        // After the gateway's lock, under which calls are voided.
        List<UUID> voided =
                platform.sql(
                                "SELECT call_id FROM usage_orphan"
                                        + " WHERE resolution = 'VOID' AND call_id = ANY (?)")
                        .param(records.stream().map(UsageRecord::callId).toArray(UUID[]::new))
                        .query((row, number) -> row.getObject("call_id", UUID.class))
                        .list();
        return new Freed(leases, Set.copyOf(voided));
    }

    private static CallPrices.Call priced(UsageRecord record) {
        return new CallPrices.Call(
                record.callId(),
                record.priceId(),
                record.tenantId(),
                record.modelName(),
                record.version(),
                record.openedAt());
    }

    private record Posted(UUID callId, List<Charge> charges) {}

    private Posted posted(ResultSet row, int number) throws SQLException {
        return new Posted(row.getObject("call_id", UUID.class), charges(row));
    }

    private List<Charge> charges(ResultSet row) throws SQLException {
        String column = row.getString("charges");
        if (column == null) {
            return List.of();
        }
        return List.of(json.readValue(column, Charge[].class));
    }
}
