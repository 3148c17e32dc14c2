package dev.atrium.registry.quota;

import static dev.atrium.registry.quota.window.Windows.atUtc;

import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.Window;
import dev.atrium.registry.quota.window.WindowKey;
import dev.atrium.registry.quota.window.Windows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Locks the windows that charges belong to, always in the same order.
 *
 * <p>A charge with a lease names its window. One without may name any moment of it (nobody asks for
 * a lease of a soft policy), and goes to the window that was open at that moment; a charge never
 * makes a window of its own choice, which would be a fresh quota.
 */
@Component
class ChargedWindows {
    /**
     * @param used per locked window what is to be counted
     * @param unknown how many windows belong to policies that do not exist
     */
    record Locked(SortedMap<WindowKey, Long> used, int unknown) {}

    /**
     * @param window where the charge is counted; null where nobody has begun it
     */
    private record Known(WindowKey key, @Nullable Window kind, @Nullable Instant window) {
        boolean isCounted() {
            return kind != null && kind.isQuota();
        }
    }

    private final JdbcClient platform;
    private final Windows windows;
    private final Clock clock;

    ChargedWindows(@Qualifier("platformJdbc") JdbcClient platform, Windows windows, Clock clock) {
        this.platform = platform;
        this.windows = windows;
        this.clock = clock;
    }

    /** Rates and levels are not charged; charges of them are passed over. */
    Locked lock(SortedMap<WindowKey, Long> charged) {
        SortedMap<WindowKey, Long> used = new TreeMap<>();
        SortedSet<WindowKey> missing = new TreeSet<>();
        int unknown = 0;
        for (Known known : known(charged.keySet())) {
            if (known.kind() == null) {
                unknown++;
            } else if (known.isCounted()) {
                long amount = charged.getOrDefault(known.key(), 0L);
                WindowKey window =
                        known.window() == null
                                ? openAt(known.key(), missing)
                                : new WindowKey(known.key().policy(), known.window());
                used.merge(window, amount, (one, other) -> Math.min(ChargeSums.MOST, one + other));
            }
        }
        if (missing.isEmpty()) {
            lockAll(used.keySet());
        } else {
            used.keySet().forEach(window -> lockOne(window, missing));
        }
        return new Locked(used, unknown);
    }

    private WindowKey openAt(WindowKey named, SortedSet<WindowKey> missing) {
        Instant now = clock.instant();
        Instant at = named.start().isAfter(now) ? now : named.start();
        WindowKey open = windows.of(named.policy(), at).orElseThrow().key();
        missing.add(open);
        return open;
    }

    private void lockOne(WindowKey window, SortedSet<WindowKey> missing) {
        if (missing.contains(window)) {
            windows.of(window.policy(), window.start())
                    .ifPresent(found -> windows.begin(found.policy(), found.present()));
        }
        lockAll(List.of(window));
    }

    private void lockAll(Collection<WindowKey> keys) {
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

    private List<Known> known(Collection<WindowKey> keys) {
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
                .params(atUtc(clock.instant()), policies(keys), starts(keys))
                .query(ChargedWindows::known)
                .list();
    }

    private static Known known(ResultSet row, int number) throws SQLException {
        String kind = row.getString("time_window");
        OffsetDateTime window = row.getObject("counted_in", OffsetDateTime.class);
        return new Known(
                new WindowKey(
                        new PolicyId(row.getObject("policy_id", UUID.class)),
                        row.getObject("starts_at", OffsetDateTime.class).toInstant()),
                kind == null ? null : Window.valueOf(kind),
                window == null ? null : window.toInstant());
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
