package dev.atrium.registry.usage;

import dev.atrium.registry.api.quota.Charge;
import dev.atrium.registry.api.usage.UsageRecord;
import dev.atrium.registry.api.usage.Waiver;
import dev.atrium.registry.quota.GivenUpLeases;
import dev.atrium.registry.quota.Settlements;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Which calls' reservations were freed before anybody told how the calls ended. Such a call is
 * charged nothing, or a quota would be overspent by it, and frees nothing once more.
 *
 * @param leases that were given up
 * @param voided calls
 */
record Freed(GivenUpLeases.Among leases, Set<UUID> voided) {
    /** What is charged of the call. */
    UsageRecord due(UsageRecord record) {
        if (voided.contains(record.callId()) && hasReserved(record)) {
            return record.waived(Waiver.VOID);
        }
        boolean isGivenUp = leases.holds(record.callId(), record.charges());
        return isGivenUp ? record.waived(Waiver.GIVEN_UP) : record;
    }

    private static boolean hasReserved(UsageRecord record) {
        return record.charges().stream().anyMatch(charge -> charge.leaseId() != null);
    }

    /** The call's charges as they are settled. */
    List<Charge> settling(UUID call, List<Charge> charges) {
        return voided.contains(call)
                ? charges.stream().map(Settlements::withoutReservation).toList()
                : leases.settling(call, charges);
    }
}
