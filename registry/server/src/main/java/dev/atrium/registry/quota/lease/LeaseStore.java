package dev.atrium.registry.quota.lease;

import static dev.atrium.registry.quota.window.Windows.atUtc;

import dev.atrium.registry.quota.window.WindowKey;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The rows of windows and leases, in the caller's transaction. */
@Component
class LeaseStore {
    /** What other gateways hold of a window. */
    record Others(long gateways, long outstanding) {}

    private final JdbcClient platform;
    private final LeaseProperties properties;

    LeaseStore(@Qualifier("platformJdbc") JdbcClient platform, LeaseProperties properties) {
        this.platform = platform;
        this.properties = properties;
    }

    /** Until the transaction ends nobody else changes the window or one of its leases. */
    WindowFigures lock(WindowKey window) {
        return platform.sql(
                        """
                        SELECT used, reserved, unreconciled, refused, ends_at FROM quota_window
                        WHERE policy_id = ? AND starts_at = ? FOR UPDATE
                        """)
                .params(window.policy().value(), atUtc(window.start()))
                .query(WindowFigures::read)
                .single();
    }

    Optional<Lease> lease(WindowKey window, Holder holder) {
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

    Others others(WindowKey window, Holder holder) {
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

    /** Lasts from the beginning of this transaction, which is after the gateway asked. */
    void put(WindowKey window, Holder holder, Lease lease) {
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

    /**
     * The one place where a window's reservations grow.
     *
     * @throws IllegalStateException rather than granting beyond the limit
     */
    void move(WindowKey window, WindowFigures from, WindowFigures to, long granted, long limit) {
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
}
