package dev.atrium.registry.quota;

import static dev.atrium.registry.quota.window.Windows.atUtc;

import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.Window;
import dev.atrium.registry.quota.window.WindowKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

@Component
class JdbcChargeStore implements ChargeStore {
    /** The windows are locked, so each lease and each window is what it is until the commit. */
    private static final String SETTLE =
            """
            WITH asked AS (
                SELECT * FROM unnest(?::uuid[], ?::uuid[], ?::timestamptz[], ?::bigint[])
                    AS k(id, policy_id, starts_at, reserved)
            ), settled AS (
                UPDATE quota_lease l SET
                    settled = l.settled + least(k.reserved, l.amount - l.returned - l.settled)
                FROM asked k
                WHERE l.id = k.id AND l.policy_id = k.policy_id AND l.starts_at = k.starts_at
                RETURNING l.policy_id, l.starts_at, l.state, k.reserved,
                          new.settled - old.settled AS released
            ), released AS (
                SELECT policy_id, starts_at,
                       coalesce(sum(released) FILTER (WHERE state = 'LIVE'), 0) AS living,
                       coalesce(sum(released) FILTER (WHERE state = 'EXPIRED'), 0) AS vanished
                FROM settled GROUP BY policy_id, starts_at
            ), counted AS (
                UPDATE quota_window w SET
                    used = least(w.used + k.used, ?),
                    reserved = greatest(0, w.reserved - coalesce(r.living, 0)),
                    unreconciled = greatest(0, w.unreconciled - coalesce(r.vanished, 0))
                FROM unnest(?::uuid[], ?::timestamptz[], ?::bigint[])
                         AS k(policy_id, starts_at, used)
                     LEFT JOIN released r USING (policy_id, starts_at)
                WHERE w.policy_id = k.policy_id AND w.starts_at = k.starts_at
            )
            SELECT (SELECT count(*) FROM asked) - (SELECT count(*) FROM settled) AS unknown,
                   (SELECT count(*) FROM settled WHERE released < reserved) AS exceeded
            """;

    private final JdbcClient platform;

    JdbcChargeStore(@Qualifier("platformJdbc") JdbcClient platform) {
        this.platform = platform;
    }

    @Override
    public void lock(Collection<WindowKey> keys) {
        platform.sql(
                        """
                        SELECT w.policy_id FROM quota_window w
                             JOIN unnest(?::uuid[], ?::timestamptz[]) AS k(policy_id, starts_at)
                             USING (policy_id, starts_at)
                        ORDER BY w.policy_id, w.starts_at FOR UPDATE OF w
                        """)
                .params(policies(keys), starts(keys))
                .query()
                .listOfRows();
    }

    @Override
    public List<ChargedWindow> known(Collection<WindowKey> keys, Instant now) {
        return platform.sql(
                        """
                        SELECT k.policy_id, k.starts_at, p.time_window,
                               coalesce(w.starts_at, o.starts_at) AS counted_in
                        FROM (SELECT policy_id, starts_at, least(starts_at, ?) AS at
                              FROM unnest(?::uuid[], ?::timestamptz[])
                                  AS u(policy_id, starts_at)) k
                             LEFT JOIN quota_policy p ON p.id = k.policy_id
                             LEFT JOIN quota_window w
                                  ON w.policy_id = k.policy_id AND w.starts_at = k.starts_at
                             LEFT JOIN LATERAL (
                                 SELECT v.starts_at, v.ends_at FROM quota_window v
                                 WHERE w.policy_id IS NULL AND v.policy_id = k.policy_id
                                   AND v.starts_at <= k.at
                                 ORDER BY v.starts_at DESC LIMIT 1) o
                                 ON o.ends_at IS NULL OR o.ends_at > k.at
                        """)
                .params(atUtc(now), policies(keys), starts(keys))
                .query(JdbcChargeStore::known)
                .list();
    }

    private static ChargedWindow known(ResultSet row, int number) throws SQLException {
        String kind = row.getString("time_window");
        OffsetDateTime window = row.getObject("counted_in", OffsetDateTime.class);
        return new ChargedWindow(
                new WindowKey(
                        new PolicyId(row.getObject("policy_id", UUID.class)),
                        row.getObject("starts_at", OffsetDateTime.class).toInstant()),
                kind == null ? null : Window.valueOf(kind),
                window == null ? null : window.toInstant());
    }

    @Override
    public Odd settle(Map<ChargeSums.LeaseKey, Long> reserved, SortedMap<WindowKey, Long> used) {
        List<Map.Entry<ChargeSums.LeaseKey, Long>> leases = List.copyOf(reserved.entrySet());
        List<WindowKey> leased = leases.stream().map(it -> it.getKey().window()).toList();
        return platform.sql(SETTLE)
                .params(
                        leases.stream().map(it -> it.getKey().lease()).toArray(UUID[]::new),
                        policies(leased),
                        starts(leased),
                        leases.stream().map(Map.Entry::getValue).toArray(Long[]::new),
                        ChargeSums.MOST,
                        policies(used.keySet()),
                        starts(used.keySet()),
                        used.values().toArray(Long[]::new))
                .query((row, number) -> new Odd(row.getLong("unknown"), row.getLong("exceeded")))
                .single();
    }

    /** As parameters of {@code unnest}. */
    static UUID[] policies(Collection<WindowKey> keys) {
        return keys.stream().map(key -> key.policy().value()).toArray(UUID[]::new);
    }

    /** As text: the driver has no arrays of times. */
    static String[] starts(Collection<WindowKey> keys) {
        return keys.stream().map(key -> key.start().toString()).toArray(String[]::new);
    }
}
