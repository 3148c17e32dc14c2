package dev.atrium.registry.quota.lease;

import static dev.atrium.registry.quota.window.Windows.atUtc;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.quota.window.WindowKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

@Component
class JdbcLeaseStore implements LeaseStore {
    private static final TimeBasedEpochGenerator IDS = Generators.timeBasedEpochGenerator();

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

    private final JdbcClient platform;
    private final LeaseProperties properties;

    JdbcLeaseStore(@Qualifier("platformJdbc") JdbcClient platform, LeaseProperties properties) {
        this.platform = platform;
        this.properties = properties;
    }

    @Override
    public UUID newId() {
        return IDS.generate();
    }

    @Override
    public WindowFigures lock(WindowKey window) {
        return platform.sql(
                        """
                        SELECT used, reserved, unreconciled, refused, ends_at FROM quota_window
                        WHERE policy_id = ? AND starts_at = ? FOR UPDATE
                        """)
                .params(window.policy().value(), atUtc(window.start()))
                .query(WindowFigures::read)
                .single();
    }

    @Override
    public Optional<Lease> lease(WindowKey window, Holder holder) {
        return platform.sql(
                        """
                        SELECT id, state, amount, returned, settled, refused FROM quota_lease
                        WHERE policy_id = ? AND starts_at = ? AND gateway_id = ? AND incarnation = ?
                        """)
                .params(
                        window.policy().value(),
                        atUtc(window.start()),
                        holder.gateway(),
                        holder.incarnation())
                .query(Lease::read)
                .optional();
    }

    @Override
    public Others others(WindowKey window, Holder holder) {
        return platform.sql(
                        """
                        SELECT count(DISTINCT gateway_id) AS gateways,
                               coalesce(sum(amount - returned - settled), 0)::bigint AS outstanding
                        FROM quota_lease
                        WHERE policy_id = ? AND starts_at = ? AND state = 'LIVE'
                          AND gateway_id <> ?
                        """)
                .params(window.policy().value(), atUtc(window.start()), holder.gateway())
                .query((row, number) ->
                        new Others(row.getLong("gateways"), row.getLong("outstanding")))
                .single();
    }

    @Override
    public void put(WindowKey window, Holder holder, Lease lease) {
        platform.sql(
                        """
                        INSERT INTO quota_lease (
                            id, policy_id, starts_at, gateway_id, incarnation, amount, returned,
                            settled, refused, state, expires_at)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
                                now() + make_interval(secs => ?))
                        ON CONFLICT (policy_id, starts_at, gateway_id, incarnation) DO UPDATE SET
                            id = excluded.id, amount = excluded.amount,
                            returned = excluded.returned, settled = excluded.settled,
                            refused = excluded.refused, state = excluded.state,
                            expires_at = excluded.expires_at
                        """)
                .params(
                        lease.id(),
                        window.policy().value(),
                        atUtc(window.start()),
                        holder.gateway(),
                        holder.incarnation(),
                        lease.amount(),
                        lease.returned(),
                        lease.settled(),
                        lease.refused(),
                        lease.state().name(),
                        properties.lifetime().toMillis() / 1_000.0)
                .update();
    }

    @Override
    public void move(
            WindowKey window, WindowFigures from, WindowFigures to, long granted, long limit) {
        int moved =
                platform.sql(
                                """
                                UPDATE quota_window SET reserved = reserved + :reserved,
                                    unreconciled = unreconciled + :unreconciled,
                                    refused = refused + :refused
                                WHERE policy_id = :policy AND starts_at = :start
                                  AND (:granted = 0 OR used + reserved + :reserved
                                       + unreconciled + :unreconciled <= :limit)
                                """)
                        .param("reserved", to.reserved() - from.reserved())
                        .param("unreconciled", to.unreconciled() - from.unreconciled())
                        .param("refused", to.refused() - from.refused())
                        .param("policy", window.policy().value())
                        .param("start", atUtc(window.start()))
                        .param("granted", granted)
                        .param("limit", limit)
                        .update();
        if (moved != 1) {
            throw new IllegalStateException("a grant would go beyond the limit of " + window);
        }
    }

    @Override
    public List<WindowKey> windowsOfTheSilent(int most) {
        return platform.sql(
                        """
                        SELECT DISTINCT policy_id, starts_at FROM quota_lease
                        WHERE state = 'LIVE' AND expires_at < now()
                        ORDER BY policy_id, starts_at LIMIT ?
                        """)
                .param(most)
                .query(JdbcLeaseStore::window)
                .list();
    }

    @Override
    public void endSilent(WindowKey window) {
        platform.sql(END)
                .param("policy", window.policy().value())
                .param("start", atUtc(window.start()))
                .update();
    }

    static WindowKey window(ResultSet row, int number) throws SQLException {
        return new WindowKey(
                new PolicyId(row.getObject("policy_id", UUID.class)),
                row.getObject("starts_at", OffsetDateTime.class).toInstant());
    }
}
