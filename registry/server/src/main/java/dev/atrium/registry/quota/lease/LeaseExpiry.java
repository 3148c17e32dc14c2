package dev.atrium.registry.quota.lease;

import static dev.atrium.registry.quota.window.Windows.atUtc;

import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.leader.Leadership;
import dev.atrium.registry.quota.window.WindowKey;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Ends the leases of silent gateways, window by window. What they held of quotas is unreconciled
 * from then on; slices and permits are free, because what they allowed is over. By the database's
 * clock alone, which also said until when they last.
 */
@Component
class LeaseExpiry {
    private static final int BATCH = 1_000;

    private static final String END =
            """
            WITH ended AS (
                UPDATE quota_lease l SET
                    state = CASE WHEN p.is_quota AND l.amount > l.returned + l.settled
                                 THEN 'EXPIRED' ELSE 'CLOSED' END,
                    returned = CASE WHEN p.is_quota THEN l.returned ELSE l.amount - l.settled END
                FROM (SELECT time_window IN ('HOUR', 'DAY', 'MONTH', 'LIFETIME') AS is_quota
                      FROM quota_policy WHERE id = :policy) p
                WHERE l.policy_id = :policy AND l.starts_at = :start AND l.state = 'LIVE'
                  AND l.expires_at < now()
                RETURNING old.amount - old.returned - old.settled AS outstanding, p.is_quota
            )
            UPDATE quota_window w SET
                reserved = w.reserved - s.outstanding,
                unreconciled = w.unreconciled + s.unreconciled
            FROM (SELECT coalesce(sum(outstanding), 0) AS outstanding,
                         coalesce(sum(outstanding) FILTER (WHERE is_quota), 0) AS unreconciled
                  FROM ended) s
            WHERE w.policy_id = :policy AND w.starts_at = :start
            """;

    private final Leadership leadership;
    private final JdbcClient platform;
    private final LeaseStore store;
    private final TransactionTemplate transactions;
    private final RecallLog recalls;
    private final LeaseProperties properties;

    LeaseExpiry(
            Leadership leadership,
            @Qualifier("platformJdbc") JdbcClient platform,
            LeaseStore store,
            @Qualifier("platformTransactions") TransactionTemplate transactions,
            RecallLog recalls,
            LeaseProperties properties) {
        this.leadership = leadership;
        this.platform = platform;
        this.store = store;
        this.transactions = transactions;
        this.recalls = recalls;
        this.properties = properties;
    }

    @Scheduled(fixedDelayString = "PT1S")
    void run() {
        if (!leadership.isLeader()) {
            return;
        }
        for (WindowKey window : windowsOfTheSilent()) {
            transactions.executeWithoutResult(status -> end(window));
        }
        recalls.forgetOlderThan(properties.keepRecalls());
    }

    private List<WindowKey> windowsOfTheSilent() {
        return platform.sql(
                        """
                        SELECT DISTINCT policy_id, starts_at FROM quota_lease
                        WHERE state = 'LIVE' AND expires_at < now()
                        ORDER BY policy_id, starts_at LIMIT ?
                        """)
                .param(BATCH)
                .query((row, number) ->
                        new WindowKey(
                                new PolicyId(row.getObject("policy_id", UUID.class)),
                                row.getObject("starts_at", OffsetDateTime.class).toInstant()))
                .list();
    }

    private void end(WindowKey window) {
        store.lock(window);
        platform.sql(END)
                .param("policy", window.policy().value())
                .param("start", atUtc(window.start()))
                .update();
    }
}
