package dev.atrium.registry.api.quota;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A gateway's lease after a wish, and where the window stands.
 *
 * <p>A rate whose burst is its amount is shared in places, as many as the amount: each serves one
 * unit in any stretch of its window, wherever it is. A rate with another burst is shared in slices:
 * {@code limit} = min(burst, 1,000) slices, each of which carries that part of the amount and of
 * the burst; so the gateways' rates and bursts add up to the policy's. A rate of 0 has none.
 *
 * @param leaseId null while this gateway holds none; another one than before when the former ran
 *     out and what it held is gone: its sums begin anew
 * @param windowEnd null when the window never ends; that of a rate ends when its number of slices
 *     changes, and another begins
 * @param amount all that was granted so far, returns included
 * @param validMillis the lease must not be used later than this after the request was sent
 * @param limit the window's amount, places, slices or permits
 * @param used charged in the window
 * @param reserved held by gateways, this one included
 * @param unreconciled held by vanished gateways
 */
public record LeaseState(
        PolicyId policyId,
        Instant windowStart,
        @Nullable Instant windowEnd,
        @Nullable UUID leaseId,
        long amount,
        long validMillis,
        long limit,
        long used,
        long reserved,
        long unreconciled) {
    /** Whether waiting cannot help: everything is used, not merely reserved. */
    public boolean isSpent() {
        return used >= limit;
    }
}
