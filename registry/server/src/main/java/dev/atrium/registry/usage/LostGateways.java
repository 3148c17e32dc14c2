package dev.atrium.registry.usage;

import static java.time.ZoneOffset.UTC;

import dev.atrium.registry.api.catalog.ModelVersionId;
import dev.atrium.registry.api.pricing.Price;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.api.usage.CallTime;
import dev.atrium.registry.api.usage.GrantedCall;
import dev.atrium.registry.api.usage.OpenCall;
import dev.atrium.registry.api.usage.UsageRecord;
import dev.atrium.registry.leader.Leadership;
import dev.atrium.registry.pricing.CallPrices;
import dev.atrium.registry.quota.LostLeases;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * Settles the calls of gateways that never return, and then frees what those held of quotas.
 *
 * <p>A gateway is lost when every node has told of all attempts that began until long after it was
 * last heard of: whatever it let through, a node has spoken of it by then or none ever saw it. Its
 * calls that the ledger does not have are posted from the nodes' accounts. Should it return after
 * all, its records of the same calls are duplicates.
 *
 * <p>A gateway that is heard of but lost its disk never tells of what it had not shipped. Its calls
 * are posted in the same way when they are old enough that nobody else will.
 *
 * @see "docs/adr/0012-lost-gateways.md"
 */
@Component
class LostGateways {
    private static final Logger log = LoggerFactory.getLogger(LostGateways.class);
    private static final int BATCH = 500;
    private static final int CLAIMED_BATCH = 10_000;

    /** The account of the last attempt, as for every call whose gateway does not tell. */
    private static final String UNCLAIMED =
            """
            SELECT k.call_id, k.call::text AS call, t.version_id, t.node_id, t.attempt,
                   coalesce(t.finished_at, t.started_at) AS ended_at,
                   t.input_tokens, t.output_tokens, t.compute_micros, t.energy_microjoules,
                   t.carbon_nanograms, t.energy_method, t.cached_input_tokens,
                   t.images, t.audio_millis
            FROM (SELECT DISTINCT ON (call_id) call_id, call FROM node_usage
                  WHERE gateway_id = ? AND call IS NOT NULL AND call_id < ?
                  ORDER BY call_id, attempt DESC LIMIT ?) k
                 JOIN LATERAL (SELECT * FROM node_usage u WHERE u.call_id = k.call_id
                               ORDER BY u.attempt DESC LIMIT 1) t ON true
            ORDER BY k.call_id
            """;

    private static final String CLAIMED =
            """
            UPDATE node_usage SET call = NULL
            WHERE (call_id, attempt) IN (
                SELECT u.call_id, u.attempt FROM node_usage u
                WHERE u.gateway_id = ? AND u.call IS NOT NULL AND u.call_id < ?
                  AND (EXISTS (SELECT FROM usage_record r WHERE r.call_id = u.call_id
                           AND r.day = (uuid_extract_timestamp(u.call_id) AT TIME ZONE 'UTC')::date)
                       OR EXISTS (SELECT FROM usage_orphan o WHERE o.call_id = u.call_id))
                LIMIT ?)
            """;

    /** After every call. */
    private static final UUID END = new UUID(-1, -1);

    private record Lost(UUID gateway, Instant lastSeen) {}

    private record Found(GrantedCall granted, OpenCall call, OrphanResolver.Account account) {
        CallPrices.Call priced() {
            return new CallPrices.Call(
                    call.callId(),
                    null,
                    call.tenantId(),
                    call.modelName(),
                    call.version(),
                    call.openedAt());
        }
    }

    private final Leadership leadership;
    private final JdbcClient platform;
    private final TransactionTemplate transactions;
    private final Ledger ledger;
    private final LostLeases leases;
    private final CallPrices prices;
    private final Admissibility admissibility;
    private final Quarantine quarantine;
    private final UsageProperties properties;
    private final Clock clock;
    private final JsonMapper json;
    private final Counter settled;

    LostGateways(
            Leadership leadership,
            @Qualifier("platformJdbc") JdbcClient platform,
            @Qualifier("platformTransactions") TransactionTemplate transactions,
            Ledger ledger,
            LostLeases leases,
            CallPrices prices,
            Admissibility admissibility,
            Quarantine quarantine,
            UsageProperties properties,
            Clock clock,
            JsonMapper json,
            MeterRegistry meters) {
        this.leadership = leadership;
        this.platform = platform;
        this.transactions = transactions;
        this.ledger = ledger;
        this.leases = leases;
        this.prices = prices;
        this.admissibility = admissibility;
        this.quarantine = quarantine;
        this.properties = properties;
        this.clock = clock;
        this.json = json;
        this.settled =
                Counter.builder("atrium.usage.lost.calls")
                        .description("Calls of gateways that never returned, posted from nodes")
                        .register(meters);
    }

    @Scheduled(fixedDelayString = "PT2S")
    void run() {
        if (leadership.isLeader()) {
            lost().forEach(this::resolve);
            UUID old = CallTime.first(clock.instant().minus(properties.lostCall()));
            withCallsBefore(old).forEach(gateway -> settleAll(gateway, old));
        }
    }

    private List<UUID> withCallsBefore(UUID end) {
        return platform.sql(
                        """
                        SELECT g.id FROM gateway g
                        WHERE EXISTS (SELECT FROM node_usage u WHERE u.gateway_id = g.id
                                      AND u.call IS NOT NULL AND u.call_id < ?)
                        ORDER BY g.id
                        """)
                .param(end)
                .query((row, number) -> row.getObject("id", UUID.class))
                .list();
    }

    /** Those of which something is left to do. */
    private List<Lost> lost() {
        return platform.sql(
                        """
                        SELECT g.id, g.last_seen_at FROM gateway g
                        WHERE g.last_seen_at < ?
                          AND (g.id = ANY (?) OR EXISTS (
                               SELECT FROM node_usage u
                               WHERE u.gateway_id = g.id AND u.call IS NOT NULL))
                        ORDER BY g.id
                        """)
                .params(
                        toldThrough().minus(properties.lostGateway()).atOffset(UTC),
                        leases.holders().toArray(UUID[]::new))
                .query((row, number) ->
                        new Lost(
                                row.getObject("id", UUID.class),
                                row.getObject("last_seen_at", OffsetDateTime.class).toInstant()))
                .list();
    }

    /**
     * Every attempt that began before this is finished and known; what a dead node knows is waited
     * for as long as for its unfinished accounts.
     */
    private Instant toldThrough() {
        Instant now = clock.instant();
        return platform.sql(
                        """
                        SELECT min(coalesce(usage_shipped_through, joined_at)) FROM node
                        WHERE alive OR last_seen_at > ?
                        """)
                .param(now.minus(properties.deadNodePatience()).atOffset(UTC))
                .query((row, number) -> Optional.ofNullable(row.getObject(1, OffsetDateTime.class)))
                .single()
                .map(OffsetDateTime::toInstant)
                .filter(through -> through.isBefore(now))
                .orElse(now);
    }

    private void resolve(Lost lost) {
        UUID gateway = lost.gateway();
        int posted = settleAll(gateway, END);
        int windows = hasOrphans(gateway) ? 0 : leases.end(gateway, boundary(lost));
        if (posted > 0 || windows > 0) {
            log.warn(
                    "gateway {} has not been heard of since {}: {} of its calls are settled from"
                            + " the nodes' accounts, its leases of {} windows are ended",
                    gateway,
                    lost.lastSeen(),
                    posted,
                    windows);
        }
    }

    /**
     * @return how many were posted
     */
    private int settleAll(UUID gateway, UUID before) {
        int claimed;
        do {
            claimed = platform.sql(CLAIMED).params(gateway, before, CLAIMED_BATCH).update();
        } while (claimed == CLAIMED_BATCH);
        int posted = 0;
        List<Found> batch = unclaimed(gateway, before);
        while (!batch.isEmpty()) {
            posted += settle(gateway, batch);
            batch = unclaimed(gateway, before);
        }
        return posted;
    }

    private Instant boundary(Lost lost) {
        return lost.lastSeen().plus(properties.lostGateway());
    }

    private boolean hasOrphans(UUID gateway) {
        return platform.sql(
                        """
                        SELECT EXISTS (SELECT FROM usage_orphan
                                       WHERE gateway_id = ? AND resolved_at IS NULL)
                        """)
                .param(gateway)
                .query(Boolean.class)
                .single();
    }

    private List<Found> unclaimed(UUID gateway, UUID before) {
        return platform.sql(UNCLAIMED).params(gateway, before, BATCH).query(this::found).list();
    }

    private Found found(ResultSet row, int number) throws SQLException {
        GrantedCall granted = json.readValue(row.getString("call"), GrantedCall.class);
        UUID callId = row.getObject("call_id", UUID.class);
        return new Found(
                granted,
                new OpenCall(
                        callId,
                        granted.tenantId(),
                        granted.projectId(),
                        granted.principalKind(),
                        granted.principalId(),
                        granted.modelId(),
                        granted.modelName(),
                        new ModelVersionId(row.getObject("version_id", UUID.class)),
                        granted.version(),
                        granted.operation(),
                        CallTime.of(callId),
                        List.of(),
                        null,
                        granted.label()),
                new OrphanResolver.Account(
                        row.getObject("node_id", UUID.class),
                        row.getInt("attempt"),
                        row.getObject("ended_at", OffsetDateTime.class).toInstant(),
                        row.getLong("input_tokens"),
                        row.getLong("output_tokens"),
                        row.getLong("compute_micros"),
                        EnergyColumns.call(row),
                        row.getObject("cached_input_tokens", Long.class),
                        MediaColumns.of(row)));
    }

    /** Posts them, or keeps apart what cannot be; they are claimed either way. */
    private int settle(UUID gateway, List<Found> batch) {
        Set<TenantId> tenants =
                admissibility.known(batch.stream().map(it -> it.call().tenantId()).toList());
        List<Found> sound = new ArrayList<>();
        List<Found> refused = new ArrayList<>();
        for (Found found : batch) {
            boolean fits = admissibility.refusal(found.call(), tenants).isEmpty();
            (fits ? sound : refused).add(found);
        }
        ledger.prepare(sound.stream().map(it -> it.call().callId()));
        transactions.executeWithoutResult(status -> {
            post(gateway, sound);
            refused.forEach(it ->
                    quarantine.keep(
                            it.call().callId(), gateway, "a lost gateway's call", it.granted()));
            platform.sql("UPDATE node_usage SET call = NULL WHERE call_id = ANY (?)")
                    .param(batch.stream().map(it -> it.call().callId()).toArray(UUID[]::new))
                    .update();
        });
        settled.increment(sound.size());
        return sound.size();
    }

    private void post(UUID gateway, List<Found> calls) {
        if (calls.isEmpty()) {
            return;
        }
        Map<UUID, Price> paid = prices.of(calls.stream().map(Found::priced).toList());
        ledger.post(
                gateway,
                calls.stream()
                        .map(found -> record(gateway, found, paid.get(found.call().callId())))
                        .toList());
    }

    private UsageRecord record(UUID gateway, Found found, @Nullable Price price) {
        OpenCall call = found.call();
        OrphanResolver.Account account = found.account();
        LostLeases.Call charged =
                new LostLeases.Call(
                        gateway,
                        call.tenantId(),
                        call.projectId(),
                        call.principalId(),
                        call.modelName(),
                        call.openedAt(),
                        found.granted().reserved());
        OpenCall reserved =
                call.reserving(leases.reserved(charged), price == null ? null : price.id());
        return OrphanResolver.record(new OrphanResolver.Ending(reserved, account), price);
    }
}
