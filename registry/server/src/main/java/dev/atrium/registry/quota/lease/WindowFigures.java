package dev.atrium.registry.quota.lease;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a window stands.
 *
 * @param end null when it never ends
 */
record WindowFigures(
        long used, long reserved, long unreconciled, long refused, @Nullable Instant end) {
    /** Negative where the amount was lowered under what is used and held. */
    long free(long limit) {
        return limit - used - reserved - unreconciled;
    }

    boolean isOpen(Instant now) {
        return end == null || now.isBefore(end);
    }

    /** The same, over now where it has an end at all. */
    WindowFigures endedBy(Instant now) {
        return end == null || !end.isAfter(now)
                ? this
                : new WindowFigures(used, reserved, unreconciled, refused, now);
    }

    /** The same with a living lease in place of what was there of it. */
    WindowFigures with(Optional<Lease> former, Lease living) {
        return new WindowFigures(
                used,
                reserved - held(former, Lease.State.LIVE) + living.outstanding(),
                unreconciled - held(former, Lease.State.EXPIRED),
                refused - former.map(Lease::refused).orElse(0L) + living.refused(),
                end);
    }

    private static long held(Optional<Lease> lease, Lease.State state) {
        return lease.filter(it -> it.state() == state).map(Lease::outstanding).orElse(0L);
    }

    static WindowFigures read(ResultSet row, int number) throws SQLException {
        OffsetDateTime end = row.getObject("ends_at", OffsetDateTime.class);
        return new WindowFigures(
                row.getLong("used"),
                row.getLong("reserved"),
                row.getLong("unreconciled"),
                row.getLong("refused"),
                end == null ? null : end.toInstant());
    }
}
