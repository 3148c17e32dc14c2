package dev.atrium.registry.quota.lease;

import dev.atrium.registry.quota.window.WindowKey;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The rows of windows and leases, in the caller's transaction. Apart from who decides, so that the
 * deciding can be run through millions of histories without a database.
 */
interface LeaseStore {
    /** What other gateways hold of a window. */
    record Others(long gateways, long outstanding) {}

    /** For a lease that is yet to be. */
    UUID newId();

    /** Until the transaction ends nobody else changes the window or one of its leases. */
    WindowFigures lock(WindowKey window);

    Optional<Lease> lease(WindowKey window, Holder holder);

    Others others(WindowKey window, Holder holder);

    /** Lasts from the beginning of this transaction, which is after the gateway asked. */
    void put(WindowKey window, Holder holder, Lease lease);

    /**
     * The one place where a window's reservations grow.
     *
     * @throws IllegalStateException rather than granting beyond the limit
     */
    void move(WindowKey window, WindowFigures from, WindowFigures to, long granted, long limit);

    /** Windows with leases that have run out, in the order in which they are locked. */
    List<WindowKey> windowsOfTheSilent(int most);

    /**
     * Ends the leases of the locked window that have run out: what they held of a quota is
     * unreconciled, slices and permits are free.
     */
    void endSilent(WindowKey window);
}
