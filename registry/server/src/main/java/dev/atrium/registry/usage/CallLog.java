package dev.atrium.registry.usage;

import dev.atrium.registry.api.node.NodeId;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.api.usage.CallAttempt;
import dev.atrium.registry.api.usage.CallDetails;
import dev.atrium.registry.api.usage.CallDetails.State;
import dev.atrium.registry.api.usage.OpenCall;
import dev.atrium.registry.api.usage.UsageRecord;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * What became of one call: the ledger's row or what a killed gateway left, and what nodes say of
 * each attempt. Nodes' accounts name no tenant, so they are read only for a call that is known to
 * be the reader's.
 */
@Component
class CallLog {
    private record Left(OpenCall call, State state) {}

    private final UsageReader reader;
    private final JdbcClient platform;
    private final LedgerRow ledgerRow;
    private final JsonMapper json;

    CallLog(
            UsageReader reader,
            @Qualifier("platformJdbc") JdbcClient platform,
            LedgerRow ledgerRow,
            JsonMapper json) {
        this.reader = reader;
        this.platform = platform;
        this.ledgerRow = ledgerRow;
        this.json = json;
    }

    CallDetails ofTenant(TenantId tenant, UUID callId) {
        requireKnown(callId);
        return reader.find(tenant, callId)
                .map(this::settled)
                .or(() ->
                        left(callId)
                                .filter(left -> left.call().tenantId().equals(tenant))
                                .map(this::unsettled))
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
                .orElseThrow(CallNotFoundException::new);
    }

    private static void requireKnown(UUID callId) {
        if (!CallTime.isKnown(callId)) {
            throw new CallNotFoundException();
        }
    }

    private CallDetails settled(UsageRecord call) {
        List<CallAttempt> attempts = attempts(call.callId(), call.nodeId());
        return new CallDetails(call.callId(), State.SETTLED, null, call, attempts);
    }

    private CallDetails unsettled(Left left) {
        UUID callId = left.call().callId();
        return new CallDetails(callId, left.state(), left.call(), null, attempts(callId, null));
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
                row.getBoolean("billed"));
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime at) {
        return at == null ? null : at.toInstant();
    }
}
