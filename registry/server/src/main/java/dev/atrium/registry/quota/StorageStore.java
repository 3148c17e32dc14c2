package dev.atrium.registry.quota;

import dev.atrium.registry.api.quota.Mode;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.tenancy.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What a tenant keeps and is about to keep, in its own transaction. */
@Component
class StorageStore {
    private static final Duration LASTS = Duration.ofMinutes(10);

    private final JdbcClient jdbc;

    StorageStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** A policy and where it stands. */
    record Limit(PolicyId policy, String name, Mode mode, long amount, long used, long reserved) {
        boolean lets(long bytes) {
            return bytes <= amount - used - reserved;
        }
    }

    /** Until the transaction ends nobody else takes room of this tenant. */
    void lock(TenantId tenant) {
        jdbc.sql("SELECT pg_advisory_xact_lock(hashtextextended(?, 4712))")
                .param(tenant.toString())
                .query()
                .singleRow();
    }

    UUID projectOf(TenantId tenant, UUID version) {
        return jdbc.sql("SELECT project_id FROM model_version WHERE tenant_id = ? AND id = ?")
                .params(tenant.value(), version)
                .query((row, number) -> row.getObject("project_id", UUID.class))
                .single();
    }

    /**
     * The policies that may refuse a file of this project.
     *
     * @param own the reservation that is not counted
     */
    List<Limit> limits(TenantId tenant, UUID project, UUID own) {
        return jdbc.sql(
                        """
                        SELECT p.id, p.name, p.mode, p.amount,
                               (SELECT coalesce(sum(f.bytes), 0)::bigint
                                FROM model_file f JOIN model_version v ON v.id = f.version_id
                                WHERE f.tenant_id = p.tenant_id
                                  AND (p.project_id IS NULL OR v.project_id = p.project_id))
                                   AS used,
                               (SELECT coalesce(sum(r.bytes), 0)::bigint FROM storage_reservation r
                                WHERE r.tenant_id = p.tenant_id AND r.id <> :own
                                  AND r.expires_at > clock_timestamp()
                                  AND (p.project_id IS NULL OR r.project_id = p.project_id))
                                   AS reserved
                        FROM quota_policy p
                        WHERE p.tenant_id = :tenant AND p.unit = 'STORED_BYTES'
                          AND p.mode <> 'SOFT' AND p.deleted_at IS NULL
                          AND (p.project_id IS NULL OR p.project_id = :project)
                        ORDER BY p.id
                        """)
                .param("own", own)
                .param("tenant", tenant.value())
                .param("project", project)
                .query(StorageStore::limit)
                .list();
    }

    void reserve(TenantId tenant, UUID project, UUID reservation, long bytes) {
        jdbc.sql(
                        """
                        INSERT INTO storage_reservation (
                            id, tenant_id, project_id, bytes, expires_at)
                        VALUES (?, ?, ?, ?, clock_timestamp() + make_interval(secs => ?))
                        ON CONFLICT (id) DO UPDATE SET
                            bytes = excluded.bytes, expires_at = excluded.expires_at
                        """)
                .params(reservation, tenant.value(), project, bytes, LASTS.toSeconds())
                .update();
    }

    void release(TenantId tenant, UUID reservation) {
        jdbc.sql("DELETE FROM storage_reservation WHERE tenant_id = ? AND id = ?")
                .params(tenant.value(), reservation)
                .update();
    }

    void releaseExpired(TenantId tenant) {
        jdbc.sql(
                        """
                        DELETE FROM storage_reservation
                        WHERE tenant_id = ? AND expires_at < clock_timestamp() - interval '1 day'
                        """)
                .param(tenant.value())
                .update();
    }

    private static Limit limit(ResultSet row, int number) throws SQLException {
        return new Limit(
                new PolicyId(row.getObject("id", UUID.class)),
                row.getString("name"),
                Mode.valueOf(row.getString("mode")),
                row.getLong("amount"),
                row.getLong("used"),
                row.getLong("reserved"));
    }
}
