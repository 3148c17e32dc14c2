package dev.atrium.registry.quota;

import dev.atrium.registry.api.quota.Charge;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/**
 * Moves what calls had reserved out of their leases and what they were charged into their windows,
 * in the transaction that posts their usage. Never refuses: what does not fit is counted as far as
 * it can be, and raises the alarm.
 */
@Service
public class Settlements {
    private static final Logger log = LoggerFactory.getLogger(Settlements.class);

    private final ChargeStore store;
    private final ChargedWindows windows;
    private final QuotaEvents events;
    private final MeterRegistry meters;

    Settlements(
            ChargeStore store, ChargedWindows windows, QuotaEvents events, MeterRegistry meters) {
        this.store = store;
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
        Map<ChargeSums.LeaseKey, Long> reserved = new HashMap<>(sums.reserved());
        reserved.keySet().removeIf(lease -> !locked.used().containsKey(lease.window()));
        ChargeStore.Odd odd = store.settle(reserved, locked.used());
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
