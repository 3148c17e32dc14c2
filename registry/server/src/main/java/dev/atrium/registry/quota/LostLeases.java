package dev.atrium.registry.quota;

import static dev.atrium.registry.quota.window.Windows.atUtc;

import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.pricing.Consumption;
import dev.atrium.registry.api.pricing.Price;
import dev.atrium.registry.api.quota.Charge;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.tenancy.ProjectId;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.quota.window.WindowKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What a gateway that never returned held of quotas: which leases its calls were charged to, and
 * the end of those leases once all of its calls are known.
 *
 * <p>Only a gateway knows what a call had reserved. Here a call takes out of its lease what it used
 * and no more, so that nothing becomes free before the rest of the lease does, at once. Which
 * leases were ended so is kept: what their calls had reserved is nobody's any more ({@link
 * GivenUpLeases}).
 *
 * @see "docs/adr/0012-lost-gateways.md"
 */
@Service
public class LostLeases {
    /** A call of which only a node speaks. */
    public record Call(
            UUID gateway,
            TenantId tenant,
            ProjectId project,
            String principal,
            ModelName model,
            Instant openedAt) {}

    /**
     * Of several lives of a gateway the one that was last begun before the call. Those that were
     * given up count only when asked for all, and so do those that begin so late that no clock is
     * that wrong.
     */
    private static final String CHARGED =
            """
            SELECT p.id, p.unit, l.id AS lease_id, coalesce(l.starts_at, :opened) AS starts_at
            FROM quota_policy p
                 LEFT JOIN LATERAL (
                     SELECT l.id, l.starts_at FROM quota_lease l
                          JOIN quota_window w USING (policy_id, starts_at)
                          LEFT JOIN quota_lease_given_up g ON g.lease_id = l.id
                     WHERE l.policy_id = p.id AND l.gateway_id = :gateway AND l.amount > 0
                       AND (:all OR (g.lease_id IS NULL
                                     AND uuid_extract_timestamp(l.id) <= :soon))
                       AND l.starts_at <= :opened
                       AND (w.ends_at IS NULL OR w.ends_at > :opened)
                     ORDER BY uuid_extract_timestamp(l.id) <= :opened DESC, l.id DESC
                     LIMIT 1) l ON true
            WHERE p.tenant_id = :tenant
              AND p.time_window IN ('HOUR', 'DAY', 'MONTH', 'LIFETIME')
              AND p.created_at <= :opened AND (p.deleted_at IS NULL OR p.deleted_at > :opened)
              AND (p.project_id IS NULL OR p.project_id = :project)
              AND (p.api_key_id IS NULL OR p.api_key_id = :principal)
              AND (p.model_name IS NULL OR p.model_name = :model)
              AND (l.id IS NOT NULL OR p.mode <> 'HARD')
            ORDER BY p.id
            """;

    /** Far less than the ten minutes of silence after which a life is given up. */
    private static final Duration CLOCKS_APART = Duration.ofMinutes(2);

    private static final String WINDOWS =
            """
            SELECT DISTINCT policy_id, starts_at FROM quota_lease
            WHERE gateway_id = ? AND state = 'EXPIRED' AND expires_at < ?
            ORDER BY policy_id, starts_at
            """;

    private static final String END =
            """
            WITH ended AS (
                UPDATE quota_lease SET returned = amount - settled, state = 'CLOSED'
                WHERE policy_id = :policy AND starts_at = :start AND gateway_id = :gateway
                  AND state = 'EXPIRED' AND expires_at < :before
                RETURNING id, old.amount - old.returned - old.settled AS outstanding
            ), given_up AS (
                INSERT INTO quota_lease_given_up (lease_id) SELECT id FROM ended
            )
            UPDATE quota_window SET unreconciled = unreconciled
                - (SELECT coalesce(sum(outstanding), 0) FROM ended)
            WHERE policy_id = :policy AND starts_at = :start
            """;

    private final JdbcClient platform;
    private final TransactionTemplate transactions;
    private final ChargeStore store;
    private final GivenUpLeases givenUp;

    LostLeases(
            @Qualifier("platformJdbc") JdbcClient platform,
            @Qualifier("platformTransactions") TransactionTemplate transactions,
            ChargeStore store,
            GivenUpLeases givenUp) {
        this.platform = platform;
        this.transactions = transactions;
        this.store = store;
        this.givenUp = givenUp;
    }

    /** Gateways that hold something of quotas and are silent. */
    public List<UUID> holders() {
        return platform.sql("SELECT DISTINCT gateway_id FROM quota_lease WHERE state = 'EXPIRED'")
                .query((row, number) -> row.getObject("gateway_id", UUID.class))
                .list();
    }

    /**
     * What the call is charged. It is of a life that was given up only where it cannot be of
     * another: leases are told apart by when they began, and the clock that the call was opened by
     * may be behind.
     *
     * @param price null where it has none
     */
    public List<Charge> charges(Call call, Consumption used, @Nullable Price price) {
        List<Charge> charges = charges(call, used, price, false);
        return charges.stream().anyMatch(charge -> charge.leaseId() != null)
                ? charges
                : charges(call, used, price, true);
    }

    private List<Charge> charges(
            Call call, Consumption used, @Nullable Price price, boolean ofAllLives) {
        return platform.sql(CHARGED)
                .param("all", ofAllLives)
                .param("soon", atUtc(call.openedAt().plus(CLOCKS_APART)))
                .param("gateway", call.gateway())
                .param("tenant", call.tenant().value())
                .param("project", call.project().value())
                .param("principal", call.principal())
                .param("model", call.model().toString())
                .param("opened", atUtc(call.openedAt()))
                .query((row, number) -> charge(row, used, price))
                .list();
    }

    private static Charge charge(ResultSet row, Consumption used, @Nullable Price price)
            throws SQLException {
        Unit unit = Unit.valueOf(row.getString("unit"));
        UUID lease = row.getObject("lease_id", UUID.class);
        long amount = unit.used(used, price);
        return new Charge(
                new PolicyId(row.getObject("id", UUID.class)),
                row.getObject("starts_at", OffsetDateTime.class).toInstant(),
                unit,
                lease,
                lease == null ? 0 : amount,
                amount,
                false);
    }

    /**
     * Ends the gateway's leases that had run out before this; what they still hold is free. Every
     * call of theirs must be in the ledger by then.
     *
     * @return how many windows they were of
     */
    public int end(UUID gateway, Instant before) {
        List<WindowKey> windows =
                platform.sql(WINDOWS)
                        .params(gateway, atUtc(before))
                        .query((row, number) ->
                                new WindowKey(
                                        new PolicyId(row.getObject("policy_id", UUID.class)),
                                        row.getObject("starts_at", OffsetDateTime.class)
                                                .toInstant()))
                        .list();
        for (WindowKey window : windows) {
            transactions.executeWithoutResult(status -> end(gateway, window, before));
        }
        return windows.size();
    }

    private void end(UUID gateway, WindowKey window, Instant before) {
        givenUp.hold(gateway);
        store.lock(List.of(window));
        platform.sql(END)
                .param("policy", window.policy().value())
                .param("start", atUtc(window.start()))
                .param("gateway", gateway)
                .param("before", atUtc(before))
                .update();
    }
}
