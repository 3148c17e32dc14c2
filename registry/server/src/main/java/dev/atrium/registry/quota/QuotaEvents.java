package dev.atrium.registry.quota;

import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.QuotaEvent;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.quota.window.WindowKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Notes once per window when its policy's warning, or all of its amount, is reached; of a budget
 * half of it and 80 % as well.
 */
@Component
class QuotaEvents {
    private final JdbcClient platform;

    private final ApplicationEventPublisher listeners;

    QuotaEvents(
            @Qualifier("platformJdbc") JdbcClient platform, ApplicationEventPublisher listeners) {
        this.platform = platform;
        this.listeners = listeners;
    }

    /** After the windows were moved, while they are locked. */
    void note(Collection<WindowKey> windows) {
        platform.sql(
                        """
                        WITH noted AS (INSERT INTO quota_event (
                            tenant_id, policy_id, starts_at, threshold, used, amount)
                        SELECT w.tenant_id, w.policy_id, w.starts_at, t.threshold,
                               w.used + w.unreconciled, p.amount
                        FROM unnest(?::uuid[], ?::timestamptz[]) AS k(policy_id, starts_at)
                             JOIN quota_window w USING (policy_id, starts_at)
                             JOIN quota_policy p ON p.id = w.policy_id AND p.deleted_at IS NULL
                             CROSS JOIN LATERAL (
                                 SELECT p.warn_percent UNION SELECT 100
                                 UNION SELECT unnest(ARRAY[50, 80])
                                     WHERE p.unit = 'COST_MICROS') AS t(threshold)
                        WHERE w.used + w.unreconciled > 0
                          AND (w.used + w.unreconciled)::numeric * 100
                              >= p.amount::numeric * t.threshold
                          AND NOT EXISTS (
                              SELECT FROM quota_event e
                              WHERE e.policy_id = w.policy_id AND e.starts_at = w.starts_at
                                AND e.threshold = t.threshold)
                        ON CONFLICT DO NOTHING RETURNING *)
                        SELECT noted.*, p.name FROM noted
                             JOIN quota_policy p ON p.id = noted.policy_id
                        """)
                .params(JdbcChargeStore.policies(windows), JdbcChargeStore.starts(windows))
                .query(QuotaEvents::reached)
                .list()
                .forEach(listeners::publishEvent);
    }

    private static QuotaThresholdReached reached(ResultSet row, int number) throws SQLException {
        return new QuotaThresholdReached(
                new TenantId(row.getObject("tenant_id", UUID.class)),
                new QuotaEvent(
                        row.getObject("id", UUID.class),
                        new PolicyId(row.getObject("policy_id", UUID.class)),
                        row.getString("name"),
                        row.getObject("starts_at", OffsetDateTime.class).toInstant(),
                        row.getInt("threshold"),
                        row.getLong("used"),
                        row.getLong("amount"),
                        row.getObject("at", OffsetDateTime.class).toInstant()));
    }
}
