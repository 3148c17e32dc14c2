package dev.atrium.registry.quota.lease;

import static dev.atrium.registry.quota.window.Windows.atUtc;

import dev.atrium.registry.quota.GivenUpLeases;
import dev.atrium.registry.quota.window.WindowKey;
import java.util.List;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

@Component
class JdbcLifeStore implements LifeStore {
    private static final String WINDOWS =
            """
            SELECT DISTINCT l.policy_id, l.starts_at
            FROM quota_lease l
                 JOIN quota_gateway_life was USING (gateway_id, incarnation)
                 JOIN quota_gateway_life present ON present.gateway_id = l.gateway_id
                      AND present.incarnation = ? AND was.number < present.number
            WHERE l.gateway_id = ? AND l.state <> 'CLOSED'
            ORDER BY l.policy_id, l.starts_at
            """;

    /** Slices and permits were good while the process lived; only quotas have calls to wait for. */
    private static final String RELEASE =
            """
            WITH former AS (
                SELECT l.id, l.state, l.amount - l.returned - l.settled AS outstanding,
                       p.time_window IN ('HOUR', 'DAY', 'MONTH', 'LIFETIME') AS is_quota
                FROM quota_lease l
                     JOIN quota_policy p ON p.id = l.policy_id
                     JOIN quota_gateway_life was USING (gateway_id, incarnation)
                     JOIN quota_gateway_life present ON present.gateway_id = l.gateway_id
                          AND present.incarnation = :incarnation
                          AND was.number < present.number
                WHERE l.policy_id = :policy AND l.starts_at = :start AND l.gateway_id = :gateway
                  AND l.state <> 'CLOSED'
            ), held AS (
                SELECT (c ->> 'leaseId')::uuid AS id,
                       sum(greatest((c ->> 'reserved')::numeric, 0)) AS reserved,
                       array_agg(o.call_id) AS calls
                FROM usage_orphan o, jsonb_array_elements(o.body -> 'charges') c
                WHERE o.resolved_at IS NULL AND o.gateway_id = :gateway
                  AND (c ->> 'leaseId')::uuid IN (SELECT id FROM former)
                GROUP BY 1
            ), freed AS (
                SELECT f.id, f.state, f.outstanding, f.is_quota,
                       coalesce(h.calls, '{}') AS kept,
                       CASE WHEN f.is_quota
                            THEN greatest(0, f.outstanding - coalesce(h.reserved, 0))::bigint
                            ELSE f.outstanding END AS amount
                FROM former f LEFT JOIN held h USING (id)
            ), closed AS (
                UPDATE quota_lease l SET returned = l.returned + f.amount,
                    state = CASE WHEN f.amount = f.outstanding THEN 'CLOSED' ELSE 'EXPIRED' END
                FROM freed f WHERE l.id = f.id
            ), given_up AS (
                INSERT INTO quota_lease_given_up (lease_id, policy_id, starts_at, kept)
                SELECT id, :policy, :start, kept FROM freed WHERE is_quota AND amount > 0
                ON CONFLICT (lease_id) DO UPDATE SET kept = excluded.kept
            )
            UPDATE quota_window w SET
                reserved = w.reserved - s.living,
                unreconciled = w.unreconciled - s.vanished + s.held
            FROM (SELECT coalesce(sum(outstanding) FILTER (WHERE state = 'LIVE'), 0) AS living,
                         coalesce(sum(outstanding) FILTER (WHERE state = 'EXPIRED'), 0) AS vanished,
                         coalesce(sum(outstanding - amount), 0) AS held
                  FROM freed) s
            WHERE w.policy_id = :policy AND w.starts_at = :start
            """;

    private final JdbcClient platform;
    private final GivenUpLeases givenUp;

    JdbcLifeStore(@Qualifier("platformJdbc") JdbcClient platform, GivenUpLeases givenUp) {
        this.platform = platform;
        this.givenUp = givenUp;
    }

    @Override
    public void note(Holder holder) {
        platform.sql(
                        """
                        INSERT INTO quota_gateway_life (gateway_id, incarnation) VALUES (?, ?)
                        ON CONFLICT DO NOTHING
                        """)
                .params(holder.gateway(), holder.incarnation())
                .update();
    }

    @Override
    public List<WindowKey> windowsOfFormer(Holder present) {
        return platform.sql(WINDOWS)
                .params(present.incarnation(), present.gateway())
                .query(JdbcLeaseStore::window)
                .list();
    }

    @Override
    public void hold(Holder present) {
        givenUp.hold(present.gateway());
    }

    @Override
    public void releaseFormer(WindowKey window, Holder present) {
        platform.sql(RELEASE)
                .param("policy", window.policy().value())
                .param("start", atUtc(window.start()))
                .param("gateway", present.gateway())
                .param("incarnation", present.incarnation())
                .update();
    }
}
