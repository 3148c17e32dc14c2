package dev.atrium.registry.quota.lease;

import static dev.atrium.registry.quota.window.Windows.atUtc;

import dev.atrium.registry.api.quota.OwnRate;
import dev.atrium.registry.api.quota.PolicyId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The policies behind the requests per minute of keys and principals. */
@Component
class OwnRateStore {
    private static final String IDLE =
            """
            SELECT p.id FROM quota_policy p
            WHERE p.principal IS NOT NULL AND p.updated_at < :before
              AND NOT EXISTS (SELECT FROM quota_lease l
                              WHERE l.policy_id = p.id AND l.expires_at >= :before)
            """;

    private final JdbcClient platform;

    OwnRateStore(@Qualifier("platformJdbc") JdbcClient platform) {
        this.platform = platform;
    }

    /** Makes the policy, or gives it another amount. */
    @Transactional("platformTransactionManager")
    public void put(PolicyId id, OwnRate rate, Instant now) {
        platform.sql(
                        """
                        INSERT INTO quota_policy (
                            id, tenant_id, name, unit, time_window, amount, burst, mode,
                            warn_percent, origin, created_by, created_at, updated_at, principal)
                        SELECT :id, t.id, 'requests per minute', 'REQUESTS', 'MINUTE', :places,
                               :places, 'HARD', 100, 'PLATFORM', 'platform', :now, :now, :principal
                        FROM tenant t WHERE t.id = :tenant
                        ON CONFLICT (id) DO UPDATE SET
                            amount = excluded.amount, burst = excluded.burst,
                            updated_at = excluded.updated_at, revision = quota_policy.revision + 1
                        WHERE quota_policy.principal IS NOT NULL
                        """)
                .param("id", id.value())
                .param("tenant", rate.tenantId().value())
                .param("places", rate.places())
                .param("principal", rate.principalId())
                .param("now", atUtc(now))
                .update();
    }

    List<UUID> idle(Instant now, Duration idle, int most) {
        return platform.sql(IDLE + " LIMIT :most")
                .param("before", atUtc(now.minus(idle)))
                .param("most", most)
                .query((row, number) -> row.getObject("id", UUID.class))
                .list();
    }

    /** Unless a gateway leases it by now. */
    @Transactional("platformTransactionManager")
    public void drop(UUID id, Instant now, Duration idle) {
        // As whoever grants does first, so none is granted between the look and the deletion.
        platform.sql("SELECT FROM quota_window WHERE policy_id = ? ORDER BY starts_at FOR UPDATE")
                .param(id)
                .query()
                .listOfRows();
        boolean isIdle =
                platform.sql(IDLE + " AND p.id = :id")
                        .param("before", atUtc(now.minus(idle)))
                        .param("id", id)
                        .query(UUID.class)
                        .optional()
                        .isPresent();
        if (isIdle) {
            platform.sql("DELETE FROM quota_window WHERE policy_id = ?").param(id).update();
            platform.sql("DELETE FROM quota_policy WHERE id = ?").param(id).update();
        }
    }
}
