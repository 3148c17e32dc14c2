package dev.atrium.registry.quota.lease;

import dev.atrium.registry.api.quota.LeaseWish;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import java.util.function.Supplier;

/** A row of a lease, read and changed only under the lock of its window. */
record Lease(UUID id, State state, long amount, long returned, long settled, long refused) {
    enum State {
        LIVE,
        /** Its gateway is silent; what it held of a quota counts as unreconciled. */
        EXPIRED,
        /** Nothing is held. */
        CLOSED
    }

    static Lease fresh(UUID id) {
        return new Lease(id, State.LIVE, 0, 0, 0, 0);
    }

    /** Granted, not given back, not settled. */
    long outstanding() {
        return amount - returned - settled;
    }

    /**
     * Lives again, now that its gateway has spoken. What it held when it ran out is held again; a
     * closed one gives its place to another, whose sums begin anew.
     *
     * @param newId for that other one
     */
    Lease hears(LeaseWish wish, Supplier<UUID> newId) {
        long refusals = Math.max(refused, wish.refused());
        if (state == State.CLOSED) {
            return new Lease(newId.get(), State.LIVE, 0, 0, 0, refusals);
        }
        long back =
                id.equals(wish.leaseId())
                        ? Math.min(Math.max(returned, wish.returned()), amount - settled)
                        : returned;
        return new Lease(id, State.LIVE, amount, back, settled, refusals);
    }

    Lease grants(long more) {
        return new Lease(id, state, amount + more, returned, settled, refused);
    }

    boolean isNothing() {
        return amount == 0 && refused == 0;
    }

    static Lease read(ResultSet row, int number) throws SQLException {
        return new Lease(
                row.getObject("id", UUID.class),
                State.valueOf(row.getString("state")),
                row.getLong("amount"),
                row.getLong("returned"),
                row.getLong("settled"),
                row.getLong("refused"));
    }
}
