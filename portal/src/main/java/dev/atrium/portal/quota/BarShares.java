package dev.atrium.portal.quota;

import dev.atrium.registry.api.quota.PolicyStatus;

/**
 * The parts of a bar in percent of its length, which stands for the amount, or for what is taken
 * where that is more.
 */
record BarShares(double used, double unreconciled, double reserved) {
    static BarShares of(PolicyStatus status) {
        double taken = (double) status.used() + status.unreconciled() + status.reserved();
        double whole = Math.max(status.policy().amount(), taken);
        if (whole == 0) {
            return new BarShares(100, 0, 0);
        }
        return new BarShares(
                100 * status.used() / whole,
                100 * status.unreconciled() / whole,
                100 * status.reserved() / whole);
    }
}
