package dev.atrium.registry.quota.request;

import static dev.atrium.registry.quota.window.Windows.atUtc;

import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.QuotaRequest;
import dev.atrium.registry.api.quota.QuotaRequest.Outcome;
import dev.atrium.registry.api.quota.QuotaRequestId;
import dev.atrium.registry.api.quota.RequestState;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.identity.Caller;
import dev.atrium.registry.quota.policy.PolicyRow;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The rows of requests, in the tenant's transaction; those of all tenants in the platform's. */
@Component
class RequestStore {
    /** A temporary raise that counts at present. */
    record Raise(QuotaRequestId id, TenantId tenant, long granted, long restore) {}

    private static final String SELECT =
            """
            SELECT p.*, tenant_slug(p.tenant_id) AS slug, p.deleted_at IS NOT NULL AS gone,
                   r.id AS request_id, r.former_amount, r.amount AS asked, r.reason, r.state,
                   r.requested_by, r.created_at AS asked_at, r.granted, r.until_at, r.ended_at,
                   r.note, r.decided_by, r.decided_at, r.read_at IS NOT NULL AS is_read
            FROM quota_request r JOIN quota_policy p ON p.id = r.policy_id
            """;

    private final JdbcClient jdbc;
    private final JdbcClient platform;

    RequestStore(JdbcClient jdbc, @Qualifier("platformJdbc") JdbcClient platform) {
        this.jdbc = jdbc;
        this.platform = platform;
    }

    /** Empty where this caller has an open one of this policy. */
    Optional<QuotaRequestId> insert(
            Policy policy, Caller caller, long amount, String reason, Instant now) {
        return jdbc.sql(
                        """
                        INSERT INTO quota_request (tenant_id, policy_id, former_amount, amount,
                            reason, requester_id, requested_by, created_at)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                        ON CONFLICT (policy_id, requester_id) WHERE state = 'OPEN' DO NOTHING
                        RETURNING id
                        """)
                .params(
                        policy.tenantId().value(),
                        policy.id().value(),
                        policy.amount(),
                        amount,
                        reason,
                        caller.principalId(),
                        caller.actor(),
                        atUtc(now))
                .query(UUID.class)
                .optional()
                .map(QuotaRequestId::new);
    }

    Optional<QuotaRequest> find(TenantId tenant, QuotaRequestId id) {
        return select(tenant, id, "");
    }

    /** Until the transaction ends nobody else decides it. */
    Optional<QuotaRequest> findForUpdate(TenantId tenant, QuotaRequestId id) {
        return select(tenant, id, " FOR UPDATE OF r");
    }

    private Optional<QuotaRequest> select(TenantId tenant, QuotaRequestId id, String lock) {
        return jdbc.sql(SELECT + "WHERE r.tenant_id = ? AND r.id = ?" + lock)
                .params(tenant.value(), id.value())
                .query(RequestStore::request)
                .optional();
    }

    boolean isOf(String requester, QuotaRequestId id) {
        return jdbc.sql("SELECT count(*) FROM quota_request WHERE id = ? AND requester_id = ?")
                        .params(id.value(), requester)
                        .query(Long.class)
                        .single()
                > 0;
    }

    /** Newest first. */
    List<QuotaRequest> below(RequestFilter filter, UUID below, int limit) {
        TenantId tenant = filter.tenant();
        return (tenant == null ? platform : jdbc)
                .sql(
                        SELECT
                                + """
                                WHERE (:tenant::uuid IS NULL OR r.tenant_id = :tenant::uuid)
                                  AND (:requester::text IS NULL OR r.requester_id = :requester)
                                  AND (:state::text IS NULL OR r.state = :state)
                                  AND (:origin::text IS NULL OR p.origin = :origin)
                                  AND r.id < :below
                                ORDER BY r.id DESC LIMIT :limit
                                """)
                .param("tenant", tenant == null ? null : tenant.toString())
                .param("requester", filter.requester())
                .param("state", filter.state() == null ? null : filter.state().name())
                .param("origin", filter.origin() == null ? null : filter.origin().name())
                .param("below", below)
                .param("limit", limit)
                .query(RequestStore::request)
                .list();
    }

    /** Whose request this is, over all tenants. */
    Optional<TenantId> tenantOf(QuotaRequestId id) {
        return platform.sql("SELECT tenant_id FROM quota_request WHERE id = ?")
                .param(id.value())
                .query(UUID.class)
                .optional()
                .map(TenantId::new);
    }

    /** Of one that is locked. Whoever takes a request back knows of it. */
    void close(
            QuotaRequest request,
            RequestState state,
            String by,
            Instant at,
            @Nullable String note) {
        jdbc.sql(
                        """
                        UPDATE quota_request SET state = ?, decided_by = ?, decided_at = ?, note = ?,
                            read_at = CASE WHEN ? THEN now() END
                        WHERE tenant_id = ? AND id = ?
                        """)
                .params(
                        Arrays.asList(
                                state.name(),
                                by,
                                atUtc(at),
                                note,
                                state == RequestState.WITHDRAWN,
                                request.tenantId().value(),
                                request.id().value()))
                .update();
    }

    /**
     * Of one that is locked.
     *
     * @param restore what the amount is after a temporary raise
     */
    void grant(QuotaRequest request, RequestState state, Outcome outcome, long restore) {
        Instant until = outcome.until();
        jdbc.sql(
                        """
                        UPDATE quota_request SET state = ?, decided_by = ?, decided_at = ?, note = ?,
                            granted = ?, until_at = ?, restore_amount = ?
                        WHERE tenant_id = ? AND id = ?
                        """)
                .params(
                        Arrays.asList(
                                state.name(),
                                outcome.by(),
                                atUtc(outcome.at()),
                                outcome.note(),
                                outcome.granted(),
                                until == null ? null : atUtc(until),
                                until == null ? null : restore,
                                request.tenantId().value(),
                                request.id().value()))
                .update();
    }

    void markRead(TenantId tenant, QuotaRequestId id) {
        jdbc.sql(
                        """
                        UPDATE quota_request SET read_at = now()
                        WHERE tenant_id = ? AND id = ? AND state <> 'OPEN' AND read_at IS NULL
                        """)
                .params(tenant.value(), id.value())
                .update();
    }

    /** Locks it. */
    Optional<Raise> raiseOf(PolicyId policy) {
        return jdbc.sql(
                        """
                        SELECT * FROM quota_request
                        WHERE policy_id = ? AND until_at IS NOT NULL AND ended_at IS NULL FOR UPDATE
                        """)
                .param(policy.value())
                .query(RequestStore::raise)
                .optional();
    }

    /** Locks it; empty where it was over already. */
    Optional<Raise> raise(QuotaRequestId id) {
        return jdbc.sql(
                        """
                        SELECT * FROM quota_request
                        WHERE id = ? AND until_at IS NOT NULL AND ended_at IS NULL FOR UPDATE
                        """)
                .param(id.value())
                .query(RequestStore::raise)
                .optional();
    }

    void end(Raise raise, Instant at) {
        jdbc.sql("UPDATE quota_request SET ended_at = ? WHERE tenant_id = ? AND id = ?")
                .params(atUtc(at), raise.tenant().value(), raise.id().value())
                .update();
    }

    /** Raises of all tenants whose end has come. */
    List<Raise> due(Instant now, int most) {
        return platform.sql(
                        """
                        SELECT * FROM quota_request WHERE until_at <= ? AND ended_at IS NULL
                        ORDER BY until_at LIMIT ?
                        """)
                .params(atUtc(now), most)
                .query(RequestStore::raise)
                .list();
    }

    private static Raise raise(ResultSet row, int number) throws SQLException {
        return new Raise(
                new QuotaRequestId(row.getObject("id", UUID.class)),
                new TenantId(row.getObject("tenant_id", UUID.class)),
                row.getLong("granted"),
                row.getLong("restore_amount"));
    }

    private static QuotaRequest request(ResultSet row, int number) throws SQLException {
        Policy policy = PolicyRow.policy(row, number);
        return new QuotaRequest(
                new QuotaRequestId(row.getObject("request_id", UUID.class)),
                policy.tenantId(),
                row.getString("slug"),
                policy,
                row.getBoolean("gone"),
                row.getLong("former_amount"),
                row.getLong("asked"),
                row.getString("reason"),
                RequestState.valueOf(row.getString("state")),
                row.getString("requested_by"),
                row.getObject("asked_at", OffsetDateTime.class).toInstant(),
                outcome(row));
    }

    private static @Nullable Outcome outcome(ResultSet row) throws SQLException {
        Instant at = instant(row, "decided_at");
        return at == null
                ? null
                : new Outcome(
                        row.getString("decided_by"),
                        at,
                        row.getString("note"),
                        row.getObject("granted", Long.class),
                        instant(row, "until_at"),
                        instant(row, "ended_at"),
                        row.getBoolean("is_read"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
