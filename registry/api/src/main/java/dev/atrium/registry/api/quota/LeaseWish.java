package dev.atrium.registry.api.quota;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a gateway says and wants of one policy. Amounts are sums over the life of the lease, so a
 * message that is lost, repeated or overtaken changes nothing.
 *
 * <p>Of a quota a lease holds units; of a rate slices, see {@link LeaseState}; of concurrency
 * permits.
 *
 * @param windowStart the window of the lease that this is about; null for the present one
 * @param leaseId the lease that {@code returned} speaks of, as the last reply named it; null while
 *     this gateway knows of none. A lease that ran out is another one when its gateway comes back,
 *     and must not be taken for the former
 * @param atLeast smallest addition that is of use now; 0 only renews, returns or asks for the state
 * @param want addition that would cover the near future; at least {@code atLeast}
 * @param returned all that this gateway has given back of that lease so far; not counted for
 *     another one
 * @param refused calls of this window that this gateway has refused so far
 * @param ownRate what the registry makes the policy from where it has none of this id; null for
 *     policies that people set
 */
public record LeaseWish(
        PolicyId policyId,
        @Nullable Instant windowStart,
        @Nullable UUID leaseId,
        long atLeast,
        long want,
        long returned,
        long refused,
        @Nullable OwnRate ownRate) {
    /** Of a policy that people set. */
    public LeaseWish(
            PolicyId policyId,
            @Nullable Instant windowStart,
            @Nullable UUID leaseId,
            long atLeast,
            long want,
            long returned,
            long refused) {
        this(policyId, windowStart, leaseId, atLeast, want, returned, refused, null);
    }
}
