package dev.atrium.registry.usage;

import dev.atrium.registry.api.node.NodeId;
import dev.atrium.registry.api.pricing.Consumption;
import dev.atrium.registry.api.pricing.Price;
import dev.atrium.registry.api.quota.Charge;
import dev.atrium.registry.api.usage.Energy;
import dev.atrium.registry.api.usage.Media;
import dev.atrium.registry.api.usage.OpenCall;
import dev.atrium.registry.api.usage.Outcome;
import dev.atrium.registry.api.usage.UsageRecord;
import dev.atrium.registry.api.usage.UsageSource;
import dev.atrium.registry.leader.Leadership;
import dev.atrium.registry.pricing.CallPrices;
import dev.atrium.registry.quota.GivenUpLeases;
import dev.atrium.registry.quota.Settlements;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * Ends the calls that killed gateways left open.
 *
 * <p>The account of the last attempt settles a call: at once when the node ended it and no further
 * attempt can have followed, otherwise when every living node has shipped what it knows of that
 * time. A call that no node speaks of by then reached none and is void: what it had reserved is
 * free. Should a node that was dead speak of a void call later, it is in the ledger after all,
 * charged nothing.
 */
@Component
class OrphanResolver {
    record Ending(OpenCall call, Account account) {
        CallPrices.Call priced() {
            return new CallPrices.Call(
                    call.callId(),
                    call.priceId(),
                    call.tenantId(),
                    call.modelName(),
                    call.version(),
                    call.openedAt());
        }
    }

    record Account(
            UUID node,
            int attempt,
            Instant endedAt,
            long inputTokens,
            long outputTokens,
            long computeMicros,
            @Nullable Energy energy,
            @Nullable Long cachedInputTokens,
            @Nullable Media media) {
        Consumption consumption() {
            return Media.orNone(media).consumption(true, inputTokens, outputTokens, computeMicros);
        }
    }

    private static final int BATCH = 500;

    /** The status that the client saw, if any, went with the gateway. */
    private static final int UNKNOWN_STATUS = 0;

    /**
     * Per call the account of its last attempt, and whether nothing more is to be expected: all
     * living nodes that were there at the time have shipped past it.
     */
    private static final String KNOWN =
            """
            SELECT o.call_id, o.body, t.node_id, t.attempt, t.finished_at,
                   t.input_tokens, t.output_tokens, t.compute_micros, t.energy_microjoules,
                   t.carbon_nanograms, t.energy_method, t.cached_input_tokens,
                   t.images, t.audio_millis
            FROM usage_orphan o
                 JOIN LATERAL (SELECT * FROM node_usage u WHERE u.call_id = o.call_id
                               ORDER BY u.attempt DESC LIMIT 1) t ON true
                 LEFT JOIN node n ON n.id = t.node_id
            WHERE o.gateway_id = ? AND (o.resolved_at IS NULL
                   OR (o.resolution = 'VOID' AND o.resolved_at > now() - interval '7 days'))
              AND ((t.finished_at IS NOT NULL AND t.outcome <> 'NODE_FAILED')
                   OR (%s AND (t.finished_at IS NOT NULL OR n.alive
                               OR n.last_seen_at IS NULL OR n.last_seen_at < ?)))
            ORDER BY o.call_id LIMIT ? FOR UPDATE OF o SKIP LOCKED
            """;

    /** Nobody speaks of the call, and all who might have have shipped what they know. */
    private static final String UNKNOWN =
            """
            o.resolved_at IS NULL
            AND NOT EXISTS (SELECT FROM node_usage u WHERE u.call_id = o.call_id)
            AND NOT EXISTS (
                SELECT FROM usage_record r WHERE r.call_id = o.call_id
                AND r.day = (uuid_extract_timestamp(o.call_id) AT TIME ZONE 'UTC')::date)
            AND %s
            """;

    private static final String SILENT =
            """
            NOT EXISTS (SELECT FROM node l WHERE l.alive
                        AND l.joined_at < o.opened_at + make_interval(secs => %1$d)
                        AND (l.usage_shipped_through IS NULL
                             OR l.usage_shipped_through <= o.opened_at + make_interval(secs => %1$d)))
            AND o.opened_at + make_interval(secs => %1$d) < now()
            """;

    private final Leadership leadership;
    private final JdbcClient platform;
    private final TransactionTemplate transactions;
    private final Ledger ledger;
    private final Settlements settlements;
    private final GivenUpLeases givenUp;
    private final CallPrices prices;
    private final UsageProperties properties;
    private final Clock clock;
    private final JsonMapper json;
    private final String silent;
    private final String unknown;
    private final Counter settled;
    private final Counter voided;

    OrphanResolver(
            Leadership leadership,
            @Qualifier("platformJdbc") JdbcClient platform,
            @Qualifier("platformTransactions") TransactionTemplate transactions,
            Ledger ledger,
            Settlements settlements,
            GivenUpLeases givenUp,
            CallPrices prices,
            UsageProperties properties,
            Clock clock,
            JsonMapper json,
            MeterRegistry meters) {
        this.leadership = leadership;
        this.platform = platform;
        this.transactions = transactions;
        this.ledger = ledger;
        this.settlements = settlements;
        this.givenUp = givenUp;
        this.prices = prices;
        this.properties = properties;
        this.clock = clock;
        this.json = json;
        this.silent = SILENT.formatted(properties.silence().toSeconds());
        this.unknown = UNKNOWN.formatted(silent);
        this.settled = counter(meters, "settled");
        this.voided = counter(meters, "void");
    }

    private static Counter counter(MeterRegistry meters, String resolution) {
        return Counter.builder("atrium.usage.orphans")
                .description("Calls of killed gateways that were resolved")
                .tag("resolution", resolution)
                .register(meters);
    }

    @Scheduled(fixedDelayString = "PT1S")
    void run() {
        if (!leadership.isLeader()) {
            return;
        }
        settleThoseInTheLedger();
        for (UUID gateway : gateways()) {
            transactions.executeWithoutResult(status -> settleFromNodes(gateway));
        }
        for (UUID gateway : withUnknown()) {
            transactions.executeWithoutResult(status -> voidTheUnknown(gateway));
        }
    }

    private List<UUID> withUnknown() {
        return platform.sql("SELECT DISTINCT o.gateway_id FROM usage_orphan o WHERE " + unknown)
                .query((row, number) -> row.getObject("gateway_id", UUID.class))
                .list();
    }

    private List<UUID> gateways() {
        return platform.sql(
                        """
                        SELECT DISTINCT gateway_id FROM usage_orphan
                        WHERE resolved_at IS NULL
                           OR (resolution = 'VOID' AND resolved_at > now() - interval '7 days')
                        """)
                .query((row, number) -> row.getObject("gateway_id", UUID.class))
                .list();
    }

    /** The gateway had shipped the end before it died and did not know. */
    private void settleThoseInTheLedger() {
        platform.sql(
                        """
                        UPDATE usage_orphan o SET resolved_at = now(), resolution = 'SETTLED'
                        WHERE o.resolved_at IS NULL AND EXISTS (
                            SELECT FROM usage_record r WHERE r.call_id = o.call_id
                            AND r.day = (uuid_extract_timestamp(o.call_id) AT TIME ZONE 'UTC')::date)
                        """)
                .update();
    }

    /** All of them at once: the ledger's locks have an order that holds for one posting. */
    private void settleFromNodes(UUID gateway) {
        List<Ending> endings =
                platform.sql(KNOWN.formatted(silent))
                        .params(
                                gateway,
                                clock.instant()
                                        .minus(properties.deadNodePatience())
                                        .atOffset(ZoneOffset.UTC),
                                BATCH)
                        .query(this::ending)
                        .list();
        if (endings.isEmpty()) {
            return;
        }
        Map<UUID, Price> paid = prices.of(endings.stream().map(Ending::priced).toList());
        ledger.post(
                gateway,
                endings.stream()
                        .map(ending -> record(ending, paid.get(ending.call().callId())))
                        .toList());
        platform.sql(
                        """
                        UPDATE usage_orphan SET resolved_at = now(), resolution = 'SETTLED'
                        WHERE call_id = ANY (?)
                        """)
                .param(endings.stream().map(it -> it.call().callId()).toArray(UUID[]::new))
                .update();
        settled.increment(endings.size());
    }

    /**
     * What such calls had reserved is free. Nobody posts them meanwhile, or gives their leases up:
     * each would free it once more.
     */
    private void voidTheUnknown(UUID gateway) {
        givenUp.hold(gateway);
        // A statement of its own: its snapshot must be younger than the lock.
        List<OpenCall> calls =
                platform.sql(
                                "UPDATE usage_orphan SET resolved_at = now(), resolution = 'VOID'"
                                        + " WHERE call_id IN (SELECT o.call_id FROM usage_orphan o"
                                        + " WHERE o.gateway_id = ? AND "
                                        + unknown
                                        + " ORDER BY o.call_id FOR UPDATE SKIP LOCKED)"
                                        + " RETURNING body")
                        .param(gateway)
                        .query((row, number) ->
                                json.readValue(row.getString("body"), OpenCall.class))
                        .list();
        GivenUpLeases.Among freed =
                givenUp.among(
                        gateway, calls.stream().flatMap(call -> call.charges().stream()).toList());
        settlements.release(
                calls.stream()
                        .flatMap(call -> freed.settling(call.callId(), call.charges()).stream())
                        .toList());
        voided.increment(calls.size());
    }

    private Ending ending(ResultSet row, int number) throws SQLException {
        OffsetDateTime finished = row.getObject("finished_at", OffsetDateTime.class);
        return new Ending(
                json.readValue(row.getString("body"), OpenCall.class),
                new Account(
                        row.getObject("node_id", UUID.class),
                        row.getInt("attempt"),
                        finished == null ? clock.instant() : finished.toInstant(),
                        row.getLong("input_tokens"),
                        row.getLong("output_tokens"),
                        row.getLong("compute_micros"),
                        EnergyColumns.call(row),
                        row.getObject("cached_input_tokens", Long.class),
                        MediaColumns.of(row)));
    }

    static UsageRecord record(Ending ending, @Nullable Price price) {
        OpenCall call = ending.call();
        Account account = ending.account();
        return new UsageRecord(
                call.callId(),
                call.tenantId(),
                call.projectId(),
                call.principalKind(),
                call.principalId(),
                call.modelId(),
                call.modelName(),
                call.versionId(),
                call.version(),
                call.operation(),
                Outcome.GATEWAY_LOST,
                UNKNOWN_STATUS,
                account.attempt(),
                new NodeId(account.node()),
                account.inputTokens(),
                account.outputTokens(),
                account.computeMicros(),
                null,
                call.openedAt(),
                account.endedAt(),
                UsageSource.NODE,
                Charge.settled(call.charges(), account.consumption(), price),
                price == null ? null : price.id(),
                null,
                call.label(),
                account.energy(),
                account.cachedInputTokens(),
                account.media());
    }
}
