package dev.atrium.standalone.chaos;

/**
 * What a campaign found.
 *
 * @param answered calls whose whole answer arrived
 * @param ledgerRows calls in the ledger, those that were cut off included
 * @param lost answered calls, or calls that a node computed, that the ledger does not have
 * @param doubled rows beyond one per call, in the ledger or in its sums, and calls that were
 *     executed beyond one per idempotency key
 * @param orphanReservations what is still held for calls that are over: unresolved orphans, and
 *     units reserved in any quota
 * @param overspent by how much a quota was charged more or less than it allows or than the calls
 *     used
 */
public record Verdict(
        int kills,
        long seed,
        long answered,
        long ledgerRows,
        long lost,
        long doubled,
        long orphanReservations,
        long overspent) {
    public boolean holds() {
        return lost == 0
                && doubled == 0
                && orphanReservations == 0
                && overspent == 0
                && answered > 0;
    }

    @Override
    public String toString() {
        return "kills=%d seed=%d answered=%d ledger=%d lost=%d doubled=%d orphan_reservations=%d overspent=%d"
                .formatted(
                        kills,
                        seed,
                        answered,
                        ledgerRows,
                        lost,
                        doubled,
                        orphanReservations,
                        overspent);
    }
}
