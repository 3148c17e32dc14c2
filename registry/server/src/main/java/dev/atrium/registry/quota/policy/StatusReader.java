package dev.atrium.registry.quota.policy;

import static dev.atrium.registry.quota.window.Windows.atUtc;

import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.PolicyStatus;
import dev.atrium.registry.api.quota.QuotaEvent;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.paging.PageRequest;
import dev.atrium.registry.paging.Paging;
import dev.atrium.registry.paging.Window;
import dev.atrium.registry.quota.window.CountedPolicy;
import dev.atrium.registry.quota.window.WindowSpan;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Where policies stand in their present windows, and what was to be known of former ones. */
@Component
class StatusReader {
    private static final String STANDING =
            """
            WITH standing AS (
                SELECT p.*, t.slug, t.time_zone, w.starts_at, w.ends_at,
                       coalesce(s.used, w.used, 0) AS used,
                       coalesce(s.reserved, w.reserved, 0) AS reserved,
                       coalesce(w.unreconciled, 0) AS unreconciled,
                       coalesce(w.refused, 0) AS refused,
                       CASE WHEN p.amount = 0 THEN 100 ELSE least(1000000, floor(
                           (coalesce(s.used, w.used, 0) + coalesce(w.unreconciled, 0))::numeric * 100
                           / p.amount))::integer END AS percent
                FROM quota_policy p JOIN tenant t ON t.id = p.tenant_id
                     LEFT JOIN LATERAL (
                         SELECT * FROM quota_window w
                         WHERE w.policy_id = p.id
                           AND (w.ends_at IS NULL OR w.starts_at <= :now AND w.ends_at > :now)
                         ORDER BY w.starts_at DESC LIMIT 1) w ON true
                     LEFT JOIN LATERAL (
                         SELECT (SELECT coalesce(sum(f.bytes), 0)::bigint
                                 FROM model_file f JOIN model_version v ON v.id = f.version_id
                                 WHERE f.tenant_id = p.tenant_id
                                   AND (p.project_id IS NULL OR v.project_id = p.project_id))
                                    AS used,
                                (SELECT coalesce(sum(r.bytes), 0)::bigint
                                 FROM storage_reservation r
                                 WHERE r.tenant_id = p.tenant_id
                                   AND r.expires_at > clock_timestamp()
                                   AND (p.project_id IS NULL OR r.project_id = p.project_id))
                                    AS reserved) s ON p.unit = 'STORED_BYTES'
                WHERE p.deleted_at IS NULL AND p.principal IS NULL
                  AND (:tenant::uuid IS NULL OR p.tenant_id = :tenant::uuid))
            SELECT * FROM standing
            WHERE percent >= :minPercent
              AND (percent < :percent OR (percent = :percent AND id > :id::uuid))
            ORDER BY percent DESC, id LIMIT :limit
            """;

    private final JdbcClient jdbc;
    private final JdbcClient platform;
    private final Paging paging;
    private final Clock clock;

    StatusReader(
            JdbcClient jdbc,
            @Qualifier("platformJdbc") JdbcClient platform,
            Paging paging,
            Clock clock) {
        this.jdbc = jdbc;
        this.platform = platform;
        this.paging = paging;
        this.clock = clock;
    }

    /** The closest to its limit first. */
    @Transactional(readOnly = true)
    public Page<PolicyStatus> ofTenant(TenantId tenant, PageRequest request) {
        return read(jdbc, tenant, 0, paging.window("quota-status", request));
    }

    /** Of all tenants. */
    @Transactional(transactionManager = "platformTransactionManager", readOnly = true)
    public Page<PolicyStatus> ofAll(int minPercent, PageRequest request) {
        return read(
                platform,
                null,
                minPercent,
                paging.window("quota-status from " + minPercent, request));
    }

    private Page<PolicyStatus> read(
            JdbcClient from, @Nullable TenantId tenant, int minPercent, Window window) {
        Instant now = clock.instant();
        Position after = window.after().map(Position::parse).orElse(Position.FIRST);
        List<PolicyStatus> rows =
                from.sql(STANDING)
                        .param("now", atUtc(now))
                        .param("tenant", tenant == null ? null : tenant.toString())
                        .param("minPercent", minPercent)
                        .param("percent", after.percent())
                        .param("id", after.id().toString())
                        .param("limit", window.fetch())
                        .query((row, number) -> status(row, now))
                        .list();
        return paging.page(
                window,
                rows,
                row -> new Position(row.percent(), row.policy().id().value()).toString(),
                row -> row);
    }

    /** Newest first. */
    @Transactional(readOnly = true)
    public Page<QuotaEvent> events(TenantId tenant, PageRequest request) {
        Window window = paging.window("quota-events", request);
        List<QuotaEvent> rows =
                jdbc.sql(
                                """
                                SELECT e.*, p.name FROM quota_event e
                                     JOIN quota_policy p ON p.id = e.policy_id
                                WHERE e.tenant_id = ? AND e.id < ? ORDER BY e.id DESC LIMIT ?
                                """)
                        .params(tenant.value(), window.below(), window.fetch())
                        .query(StatusReader::event)
                        .list();
        return paging.page(window, rows, event -> event.id().toString(), event -> event);
    }

    private static QuotaEvent event(ResultSet row, int number) throws SQLException {
        return new QuotaEvent(
                row.getObject("id", UUID.class),
                new PolicyId(row.getObject("policy_id", UUID.class)),
                row.getString("name"),
                row.getObject("starts_at", OffsetDateTime.class).toInstant(),
                row.getInt("threshold"),
                row.getLong("used"),
                row.getLong("amount"),
                row.getObject("at", OffsetDateTime.class).toInstant());
    }

    private static PolicyStatus status(ResultSet row, Instant now) throws SQLException {
        Policy policy = PolicyRow.policy(row, 0);
        WindowSpan window = window(row, policy, now);
        boolean isQuota = policy.window().isQuota();
        long used = row.getLong("used");
        // Slices of a rate are no units of it.
        long reserved = policy.window().isRate() ? 0 : row.getLong("reserved");
        long unreconciled = row.getLong("unreconciled");
        return new PolicyStatus(
                policy,
                row.getString("slug"),
                isQuota ? window.start() : null,
                isQuota ? window.end() : null,
                used,
                reserved,
                unreconciled,
                Math.max(0, policy.amount() - used - reserved - unreconciled),
                row.getLong("refused"),
                row.getInt("percent"));
    }

    /** The one that will begin with the first call where nobody has called yet. */
    private static WindowSpan window(ResultSet row, Policy policy, Instant now)
            throws SQLException {
        OffsetDateTime start = row.getObject("starts_at", OffsetDateTime.class);
        OffsetDateTime end = row.getObject("ends_at", OffsetDateTime.class);
        if (start != null) {
            return new WindowSpan(start.toInstant(), end == null ? null : end.toInstant());
        }
        return new CountedPolicy(
                        policy.id(),
                        policy.tenantId(),
                        policy.window(),
                        policy.amount(),
                        policy.burst(),
                        policy.createdAt(),
                        ZoneId.of(row.getString("time_zone")))
                .spanAt(now);
    }

    /** Of a row in the order of the list. */
    private record Position(int percent, UUID id) {
        private static final Position FIRST = new Position(Integer.MAX_VALUE, new UUID(0, 0));

        private static Position parse(String text) {
            int space = text.indexOf(' ');
            return new Position(
                    Integer.parseInt(text.substring(0, space)),
                    UUID.fromString(text.substring(space + 1)));
        }

        @Override
        public String toString() {
            return percent + " " + id;
        }
    }
}
