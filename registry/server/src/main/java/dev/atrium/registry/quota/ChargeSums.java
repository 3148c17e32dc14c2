package dev.atrium.registry.quota;

import dev.atrium.registry.api.quota.Charge;
import dev.atrium.registry.quota.window.WindowKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a batch of charges comes to, by windows and leases. No record is too strange to be summed:
 * what cannot be is left out or cut to its bound, and counted.
 */
final class ChargeSums {
    /** Nothing a single call does comes near; the highest amount of a policy. */
    private static final long MOST_OF_A_CHARGE = 1_000_000_000_000_000L;

    /** Far above any amount and far enough below the end of the numbers to be added to. */
    static final long MOST = 4_000_000_000_000_000_000L;

    private static final Instant EARLIEST = Instant.parse("1970-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-01-01T00:00:00Z");

    /** A lease of a window. */
    record LeaseKey(WindowKey window, UUID lease) {}

    private final SortedMap<WindowKey, Long> used = new TreeMap<>();
    private final Map<LeaseKey, Long> reserved = new HashMap<>();
    private int strange;

    ChargeSums(Collection<Charge> charges) {
        charges.forEach(this::add);
    }

    private void add(Charge charge) {
        // JSON leaves out what it wants, whatever the record's types say.
        if (isAbsent(charge.policyId())
                || isAbsent(charge.windowStart())
                || charge.windowStart().isBefore(EARLIEST)
                || charge.windowStart().isAfter(LATEST)) {
            strange++;
            return;
        }
        WindowKey window =
                new WindowKey(
                        charge.policyId(), charge.windowStart().truncatedTo(ChronoUnit.MICROS));
        used.merge(window, bounded(charge.charged()), ChargeSums::sum);
        if (charge.leaseId() != null) {
            if (charge.charged() > charge.reserved()) {
                strange++;
            }
            reserved.merge(
                    new LeaseKey(window, charge.leaseId()),
                    bounded(charge.reserved()),
                    ChargeSums::sum);
        }
    }

    private static boolean isAbsent(@Nullable Object member) {
        return Objects.isNull(member);
    }

    private long bounded(long amount) {
        if (amount < 0 || amount > MOST_OF_A_CHARGE) {
            strange++;
        }
        return Math.clamp(amount, 0, MOST_OF_A_CHARGE);
    }

    private static long sum(long one, long other) {
        return Math.min(MOST, one + other);
    }

    /** In the order in which windows are locked. */
    SortedMap<WindowKey, Long> used() {
        return used;
    }

    Map<LeaseKey, Long> reserved() {
        return reserved;
    }

    /** How many figures were not what a gateway may say. */
    int strange() {
        return strange;
    }
}
