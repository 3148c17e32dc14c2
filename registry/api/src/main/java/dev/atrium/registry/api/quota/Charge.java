package dev.atrium.registry.api.quota;

import dev.atrium.registry.api.pricing.Consumption;
import dev.atrium.registry.api.pricing.Price;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a call reserved of one window of one policy, and what it used of it in the end.
 *
 * @param windowStart the window of the reservation, which the call belongs to whatever the clock
 *     does; without a lease it may be any moment of that window
 * @param leaseId where the reservation was taken from; null where nothing was reserved: a soft
 *     policy, or a dry run that would have refused the call
 * @param reserved the worst case
 * @param charged at most {@code reserved} where there is a lease; 0 while the call is open
 * @param refused a dry run would have refused the call
 */
public record Charge(
        PolicyId policyId,
        Instant windowStart,
        Unit unit,
        @Nullable UUID leaseId,
        long reserved,
        long charged,
        boolean refused) {
    /**
     * The charges of a call that has ended.
     *
     * @param price by which its cost is known; null where there is none
     */
    public static List<Charge> settled(
            List<Charge> charges, Consumption call, @Nullable Price price) {
        List<Charge> settled = new ArrayList<>(charges.size());
        for (Charge charge : charges) {
            settled.add(charge.settled(charge.unit.used(call, price)));
        }
        return settled;
    }

    /** The same with what the call used, capped at what it had reserved. */
    public Charge settled(long used) {
        return new Charge(
                policyId,
                windowStart,
                unit,
                leaseId,
                reserved,
                leaseId == null ? used : Math.min(used, reserved),
                refused);
    }
}
