package dev.atrium.registry.api.quota;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a gateway says and wants of one policy. Amounts are sums over the life of the lease, so a
 * message that is lost, repeated or overtaken changes nothing.
 *
 * <p>Of a quota a lease holds units; of a rate slices, see {@link LeaseState}; of concurrency
 * permits.
 *
 * @param windowStart the window of the lease that this is about; null for the present one
 * @param atLeast smallest addition that is of use now; 0 only renews, returns or asks for the state
 * @param want addition that would cover the near future; at least {@code atLeast}
 * @param returned all that this gateway has given back of the lease so far
 * @param refused calls of this window that this gateway has refused so far
 */
public record LeaseWish(
        PolicyId policyId,
        @Nullable Instant windowStart,
        long atLeast,
        long want,
        long returned,
        long refused) {}
