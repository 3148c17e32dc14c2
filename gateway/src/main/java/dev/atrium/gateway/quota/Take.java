package dev.atrium.gateway.quota;

import org.jspecify.annotations.Nullable;

/**
 * What a call has taken of a policy.
 *
 * @param lease where units and permits come from; null for rates
 * @param generation of the lease when it was taken from; of a rate, what its part calls a mark
 */
record Take(Allowance allowance, @Nullable Lease lease, int generation, long units) {
    /** Gives a part back, now. */
    void putBack(long unused, long now) {
        if (unused > 0) {
            allowance.putBack(this, unused, now);
        }
    }

    Take less(long unused) {
        return new Take(allowance, lease, generation, units - unused);
    }
}
