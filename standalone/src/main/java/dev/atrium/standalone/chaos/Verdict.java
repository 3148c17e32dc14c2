package dev.atrium.standalone.chaos;

/**
 * What a campaign found.
 *
 * @param gatewaysLost how many of those killed were gateways that never returned
 * @param answered calls whose whole answer arrived
 * @param ledgerRows calls in the ledger, those that were cut off included
 * @param fromAccounts calls among these whose end no gateway has told, only a node
 * @param lost answered calls, or calls that a node computed, that the ledger does not have
 * @param doubled rows beyond one per call, in the ledger or in its sums, and calls that were
 *     executed beyond one per idempotency key
 * @param orphanReservations what is still held for calls that are over: unresolved orphans, and
 *     units reserved in any quota
 * @param overspent by how much a quota was charged more or less than it allows or than the calls
 *     used
 * @param refusedLate gateways that served a revoked key, or one of a suspended tenant, for longer
 *     than a second
 */
public record Verdict(
        int kills,
        int gatewaysLost,
        long seed,
        long answered,
        long ledgerRows,
        long fromAccounts,
        long lost,
        long doubled,
        long orphanReservations,
        long overspent,
        long refusedLate) {
    public boolean holds() {
        return lost == 0
                && doubled == 0
                && orphanReservations == 0
                && overspent == 0
                && refusedLate == 0
                && answered > 0;
    }

    @Override
    public String toString() {
        return "kills=%d gateways_lost=%d seed=%d answered=%d ledger=%d from_accounts=%d lost=%d doubled=%d orphan_reservations=%d overspent=%d refused_late=%d"
                .formatted(
                        kills,
                        gatewaysLost,
                        seed,
                        answered,
                        ledgerRows,
                        fromAccounts,
                        lost,
                        doubled,
                        orphanReservations,
                        overspent,
                        refusedLate);
    }
}
