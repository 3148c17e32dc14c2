package dev.atrium.registry.quota;

import static dev.atrium.registry.quota.window.Windows.atUtc;

import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.quota.Charge;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.ReservedLeases;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.tenancy.ProjectId;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.quota.window.WindowKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What a gateway that never returned held of quotas: what its calls had reserved, and the end of
 * its leases once all of its calls are known.
 *
 * <p>What a call had reserved says its grant. Which leases were ended so is kept: what their calls
 * had reserved is nobody's any more ({@link GivenUpLeases}).
 *
 * @see "docs/adr/0012-lost-gateways.md"
 */
@Service
public class LostLeases {
    /**
     * A call of which only a node speaks.
     *
     * @param reserved as its grant said, see {@link ReservedLeases}; null where it did not
     */
    public record Call(
            UUID gateway,
            TenantId tenant,
            ProjectId project,
            String principal,
            ModelName model,
            Instant openedAt,
            @Nullable String reserved) {}

    /**
     * Leases are the gateway's own and the tenant's, whatever a node says. One that was given up
     * may have left its row to another.
     */
    private static final String RESERVED =
            """
            SELECT p.id, p.unit, l.id AS lease_id, coalesce(l.starts_at, :opened) AS starts_at,
                   coalesce(l.units, 0) AS reserved
            FROM quota_policy p
                 LEFT JOIN (
                     SELECT r.lease_id AS id, coalesce(q.policy_id, g.policy_id) AS policy_id,
                            coalesce(q.starts_at, g.starts_at) AS starts_at, r.units
                     FROM unnest(:leases::uuid[], :units::bigint[]) AS r(lease_id, units)
                          LEFT JOIN quota_lease q
                               ON q.id = r.lease_id AND q.gateway_id = :gateway
                          LEFT JOIN quota_lease_given_up g ON g.lease_id = r.lease_id) l
                 ON l.policy_id = p.id
            WHERE p.tenant_id = :tenant
              AND p.time_window IN ('HOUR', 'DAY', 'MONTH', 'LIFETIME')
              AND (l.id IS NOT NULL OR (
                   p.mode <> 'HARD'
                   AND p.created_at <= :opened
                   AND (p.deleted_at IS NULL OR p.deleted_at > :opened)
                   AND (p.project_id IS NULL OR p.project_id = :project)
                   AND (p.api_key_id IS NULL OR p.api_key_id = :principal)
                   AND (p.model_name IS NULL OR p.model_name = :model)))
            ORDER BY p.id
            """;

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
                INSERT INTO quota_lease_given_up (lease_id, policy_id, starts_at)
                SELECT id, :policy, :start FROM ended
                ON CONFLICT (lease_id) DO UPDATE SET kept = '{}'
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

    /** What the call had reserved, and which policies count it without. */
    public List<Charge> reserved(Call call) {
        Map<UUID, Long> reserved =
                call.reserved() == null ? Map.of() : ReservedLeases.read(call.reserved());
        return platform.sql(RESERVED)
                .param("leases", reserved.keySet().toArray(UUID[]::new))
                .param("units", reserved.values().toArray(Long[]::new))
                .param("gateway", call.gateway())
                .param("tenant", call.tenant().value())
                .param("project", call.project().value())
                .param("principal", call.principal())
                .param("model", call.model().toString())
                .param("opened", atUtc(call.openedAt()))
                .query(LostLeases::charge)
                .list();
    }

    private static Charge charge(ResultSet row, int number) throws SQLException {
        return new Charge(
                new PolicyId(row.getObject("id", UUID.class)),
                row.getObject("starts_at", OffsetDateTime.class).toInstant(),
                Unit.valueOf(row.getString("unit")),
                row.getObject("lease_id", UUID.class),
                row.getLong("reserved"),
                0,
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
