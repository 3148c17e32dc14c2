package dev.atrium.registry.quota;

import dev.atrium.registry.api.quota.Charge;
import dev.atrium.registry.quota.window.WindowKey;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/**
 * Moves what calls had reserved out of their leases and what they were charged into their windows,
 * in the transaction that posts their usage. Never refuses: what does not fit is counted as far as
 * it can be, and raises the alarm.
 */
@Service
public class Settlements {
    private static final Logger log = LoggerFactory.getLogger(Settlements.class);

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

    /**
     * @param unknown leases that there are not
     * @param exceeded leases that did not hold what was said to be reserved
     */
    private record Odd(long unknown, long exceeded) {}

    private final JdbcClient platform;
    private final ChargedWindows windows;
    private final QuotaEvents events;
    private final MeterRegistry meters;

    Settlements(
            @Qualifier("platformJdbc") JdbcClient platform,
            ChargedWindows windows,
            QuotaEvents events,
            MeterRegistry meters) {
        this.platform = platform;
        this.windows = windows;
        this.events = events;
        this.meters = meters;
        List.of("odd_figure", "no_policy", "no_lease", "beyond_lease").forEach(this::counter);
    }

    private Counter counter(String reason) {
        return Counter.builder("atrium.quota.strange.charges")
                .description("Charges that do not fit what was granted; counted all the same")
                .tag("reason", reason)
                .register(meters);
    }

    /** Each charge once; in the caller's transaction of the platform, as its last locks. */
    public void post(Collection<Charge> charges) {
        if (charges.isEmpty()) {
            return;
        }
        ChargeSums sums = new ChargeSums(charges);
        ChargedWindows.Locked locked = windows.lock(sums.used());
        settle(sums, locked);
        events.note(locked.used().keySet());
        alarm("odd_figure", sums.strange());
        alarm("no_policy", locked.unknown());
    }

    /** Of calls that never happened: nothing is charged, what they had reserved is free. */
    public void release(Collection<Charge> charges) {
        post(charges.stream().map(charge -> charge.settled(0)).toList());
    }

    /** Of a call that was thought never to have happened: what it had reserved is free already. */
    public static Charge withoutReservation(Charge charge) {
        return new Charge(
                charge.policyId(),
                charge.windowStart(),
                charge.unit(),
                null,
                charge.reserved(),
                charge.charged(),
                charge.refused());
    }

    private void settle(ChargeSums sums, ChargedWindows.Locked locked) {
        List<Map.Entry<ChargeSums.LeaseKey, Long>> leases =
                sums.reserved().entrySet().stream()
                        .filter(lease -> locked.used().containsKey(lease.getKey().window()))
                        .toList();
        List<WindowKey> leased = leases.stream().map(it -> it.getKey().window()).toList();
        Collection<WindowKey> windows = locked.used().keySet();
        Odd odd =
                platform.sql(SETTLE)
                        .params(
                                leases.stream().map(it -> it.getKey().lease()).toArray(UUID[]::new),
                                ChargedWindows.policies(leased),
                                ChargedWindows.starts(leased),
                                leases.stream().map(Map.Entry::getValue).toArray(Long[]::new),
                                ChargeSums.MOST,
                                ChargedWindows.policies(windows),
                                ChargedWindows.starts(windows),
                                locked.used().values().toArray(Long[]::new))
                        .query((row, number) ->
                                new Odd(row.getLong("unknown"), row.getLong("exceeded")))
                        .single();
        alarm("no_lease", odd.unknown());
        alarm("beyond_lease", odd.exceeded());
    }

    private void alarm(String reason, long count) {
        if (count > 0) {
            counter(reason).increment(count);
            log.error("{} charges do not fit what was granted: {}", count, reason);
        }
    }
}
