package dev.atrium.registry.quota;

import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.quota.window.WindowKey;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** What people are told of policies of stored bytes: warnings, and how many files were refused. */
@Component
class StorageStandings {
    private final JdbcClient platform;
    private final QuotaEvents events;

    StorageStandings(@Qualifier("platformJdbc") JdbcClient platform, QuotaEvents events) {
        this.platform = platform;
        this.events = events;
    }

    /** After something was kept, given up or refused. */
    @Transactional("platformTransactionManager")
    public void changed(TenantId tenant, Collection<PolicyId> refused) {
        List<WindowKey> windows =
                platform.sql(
                                """
                                INSERT INTO quota_window (
                                    policy_id, starts_at, tenant_id, used, refused)
                                SELECT p.id, date_trunc('second', p.created_at), p.tenant_id,
                                       (SELECT coalesce(sum(f.bytes), 0)
                                        FROM model_file f
                                             JOIN model_version v ON v.id = f.version_id
                                        WHERE f.tenant_id = p.tenant_id
                                          AND (p.project_id IS NULL
                                               OR v.project_id = p.project_id)),
                                       CASE WHEN p.id = ANY (?::uuid[]) THEN 1 ELSE 0 END
                                FROM quota_policy p
                                WHERE p.tenant_id = ? AND p.unit = 'STORED_BYTES'
                                  AND p.deleted_at IS NULL
                                ORDER BY p.id
                                ON CONFLICT (policy_id, starts_at) DO UPDATE SET
                                    used = excluded.used,
                                    refused = quota_window.refused + excluded.refused
                                RETURNING policy_id, starts_at
                                """)
                        .params(
                                refused.stream().map(PolicyId::value).toArray(UUID[]::new),
                                tenant.value())
                        .query((row, number) ->
                                new WindowKey(
                                        new PolicyId(row.getObject("policy_id", UUID.class)),
                                        row.getObject("starts_at", OffsetDateTime.class)
                                                .toInstant()))
                        .list();
        if (!windows.isEmpty()) {
            events.note(windows);
        }
    }
}
