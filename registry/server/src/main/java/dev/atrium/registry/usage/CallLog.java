package dev.atrium.registry.usage;

import dev.atrium.registry.api.node.NodeId;
import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.api.usage.CallAttempt;
import dev.atrium.registry.api.usage.CallDetails;
import dev.atrium.registry.api.usage.CallDetails.State;
import dev.atrium.registry.api.usage.CallTime;
import dev.atrium.registry.api.usage.LoggedCall;
import dev.atrium.registry.api.usage.OpenCall;
import dev.atrium.registry.api.usage.UnlistedRefusals;
import dev.atrium.registry.api.usage.UsageRecord;
import dev.atrium.registry.paging.PageRequest;
import dev.atrium.registry.paging.Paging;
import dev.atrium.registry.paging.Window;
import dev.atrium.registry.usage.refusal.RefusedCalls;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * What became of calls: the ledger's rows, what a killed gateway left, what was refused, and what
 * nodes say of each attempt. Nodes' accounts name no tenant, so they are read only for a call that
 * is known to be the reader's.
 */
@Component
class CallLog {
    private record Left(OpenCall call, State state) {}

    /** Ids have the order of time, as PostgreSQL compares them: without a sign. */
    private static final Comparator<UUID> BY_TIME =
            Comparator.comparing(UUID::getMostSignificantBits, Long::compareUnsigned)
                    .thenComparing(UUID::getLeastSignificantBits, Long::compareUnsigned);

    private final UsageReader reader;
    private final RefusedCalls refusals;
    private final Paging paging;
    private final JdbcClient platform;
    private final LedgerRow ledgerRow;
    private final JsonMapper json;

    CallLog(
            UsageReader reader,
            RefusedCalls refusals,
            Paging paging,
            @Qualifier("platformJdbc") JdbcClient platform,
            LedgerRow ledgerRow,
            JsonMapper json) {
        this.reader = reader;
        this.refusals = refusals;
        this.paging = paging;
        this.platform = platform;
        this.ledgerRow = ledgerRow;
        this.json = json;
    }

    /** Both kinds in one order, newest first; a cursor is an id, whichever kind it was of. */
    Page<LoggedCall> list(TenantId tenant, Span span, CallFilter filter, PageRequest request) {
        Window window = paging.window("calls", request);
        Map<UUID, LoggedCall> found = new TreeMap<>(BY_TIME.reversed());
        if (filter.wantsRefused()) {
            refusals.list(
                            tenant,
                            CallTime.first(span.from()),
                            UsageReader.before(span, window),
                            filter.refused(),
                            window.fetch())
                    .forEach(call -> found.put(call.callId(), LoggedCall.of(call)));
        }
        if (filter.wantsOpened()) {
            // Last, for the ledger is right where both have a call.
            reader.records(tenant, span, filter, window)
                    .forEach(call -> found.put(call.callId(), LoggedCall.of(call)));
        }
        return paging.page(
                window,
                found.values().stream().limit(window.fetch()).toList(),
                call -> call.callId().toString(),
                call -> call);
    }

    /** Refused calls that were only counted. */
    Page<UnlistedRefusals> unlisted(
            TenantId tenant, Span span, @Nullable String code, PageRequest request) {
        Window window = paging.window("unlisted refusals", request);
        UnlistedRefusals after =
                window.after().map(position -> position(tenant, position)).orElse(null);
        List<UnlistedRefusals> lines =
                refusals.unlisted(
                        tenant, span.firstMinute(), span.to(), code, after, window.fetch());
        return paging.page(window, lines, line -> line.minute() + " " + line.code(), line -> line);
    }

    private static UnlistedRefusals position(TenantId tenant, String position) {
        String[] parts = position.split(" ", 2);
        return new UnlistedRefusals(tenant, Instant.parse(parts[0]), parts[1], 0);
    }

    CallDetails ofTenant(TenantId tenant, UUID callId) {
        requireKnown(callId);
        return reader.find(tenant, callId)
                .map(this::settled)
                .or(() ->
                        left(callId)
                                .filter(left -> left.call().tenantId().equals(tenant))
                                .map(this::unsettled))
                .or(() -> refusals.find(tenant, callId).map(CallDetails::refused))
                .orElseThrow(CallNotFoundException::new);
    }

    /** Any tenant's. */
    CallDetails ofPlatform(UUID callId) {
        requireKnown(callId);
        return platform.sql("SELECT * FROM usage_record WHERE day = ? AND call_id = ?")
                .params(CallTime.day(callId), callId)
                .query(ledgerRow)
                .optional()
                .map(this::settled)
                .or(() -> left(callId).map(this::unsettled))
                .or(() -> refusals.findOfAny(callId).map(CallDetails::refused))
                .orElseThrow(CallNotFoundException::new);
    }

    private static void requireKnown(UUID callId) {
        if (!CallTime.isKnown(callId)) {
            throw new CallNotFoundException();
        }
    }

    private CallDetails settled(UsageRecord call) {
        NodeId billed = call.waived() == null ? call.nodeId() : null;
        return CallDetails.settled(call, attempts(call.callId(), billed));
    }

    private CallDetails unsettled(Left left) {
        return CallDetails.left(left.call(), left.state(), attempts(left.call().callId(), null));
    }

    private Optional<Left> left(UUID callId) {
        return platform.sql("SELECT body::text, resolution FROM usage_orphan WHERE call_id = ?")
                .param(callId)
                .query((row, number) ->
                        new Left(
                                json.readValue(row.getString("body"), OpenCall.class),
                                "VOID".equals(row.getString("resolution"))
                                        ? State.VOID
                                        : State.UNRESOLVED))
                .optional();
    }

    /**
     * @param billed the node that the ledger names; its last attempt is the one that is paid
     */
    private List<CallAttempt> attempts(UUID callId, @Nullable NodeId billed) {
        return platform.sql(
                        """
                        SELECT u.*, attempt = max(attempt) FILTER (WHERE node_id = ?::uuid) OVER ()
                            AS billed
                        FROM node_usage u WHERE call_id = ? ORDER BY attempt
                        """)
                .param(billed == null ? null : billed.toString())
                .param(callId)
                .query(CallLog::attempt)
                .list();
    }

    private static CallAttempt attempt(ResultSet row, int number) throws SQLException {
        return new CallAttempt(
                row.getInt("attempt"),
                new NodeId(row.getObject("node_id", UUID.class)),
                row.getObject("started_at", OffsetDateTime.class).toInstant(),
                instant(row.getObject("finished_at", OffsetDateTime.class)),
                row.getString("outcome"),
                row.getLong("input_tokens"),
                row.getLong("output_tokens"),
                row.getLong("compute_micros"),
                EnergyColumns.call(row),
                MediaColumns.of(row),
                row.getBoolean("billed"));
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime at) {
        return at == null ? null : at.toInstant();
    }
}
