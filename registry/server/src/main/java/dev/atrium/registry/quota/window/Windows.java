package dev.atrium.registry.quota.window;

import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.Window;
import dev.atrium.registry.api.tenancy.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Finds the window that an instant belongs to and begins it where nobody has. Works in the caller's
 * transaction of the platform.
 */
@Component
public class Windows {
    /** A policy with the window that it is about, if it has begun. */
    public record Found(CountedPolicy policy, @Nullable WindowSpan span, @Nullable Long slices) {
        public WindowKey key() {
            return new WindowKey(policy.id(), present().start());
        }

        /** Where it is known that there is one. */
        public WindowSpan present() {
            return Objects.requireNonNull(span);
        }

        /** What may be held and used: the slices of a rate, else the amount. */
        public long limit() {
            return slices == null ? policy.amount() : slices;
        }
    }

    private static final String POLICY =
            """
            SELECT p.id, p.tenant_id, p.time_window, p.amount, p.burst, p.created_at, t.time_zone,
                   w.starts_at, w.ends_at, w.slices
            FROM quota_policy p JOIN tenant t ON t.id = p.tenant_id
                 LEFT JOIN LATERAL (
                     SELECT starts_at, ends_at, slices FROM quota_window w
                     WHERE w.policy_id = p.id AND %s
                     ORDER BY starts_at DESC LIMIT 1) w ON true
            WHERE p.id = ?
            """;

    /** A clock that is a little behind another registry's must not look for a former window. */
    private static final String AT = "(w.starts_at <= ? OR w.ends_at IS NULL)";

    private static final String LIVING = " AND p.deleted_at IS NULL";

    private final JdbcClient platform;

    Windows(@Qualifier("platformJdbc") JdbcClient platform) {
        this.platform = platform;
    }

    /** The window of the instant, begun now where it had not; empty for an unknown policy. */
    public Optional<Found> present(PolicyId policy, Instant now) {
        Instant instant = now.truncatedTo(ChronoUnit.MICROS);
        return at(policy, instant, LIVING).map(found -> begun(found, instant));
    }

    /**
     * The window that a call of this instant is counted in, of a deleted policy too; not begun yet
     * where nobody has.
     */
    public Optional<Found> of(PolicyId policy, Instant at) {
        return at(policy, at, "")
                .map(found ->
                        isPresent(found, at)
                                ? found
                                : new Found(found.policy(), next(found, at), null));
    }

    /** The window that begins at exactly this instant; empty where there is none. */
    public Optional<Found> exactly(PolicyId policy, Instant start) {
        return platform.sql(POLICY.formatted("w.starts_at = ?") + LIVING)
                .params(atUtc(start), policy.value())
                .query(Windows::found)
                .optional()
                .filter(found -> found.span() != null);
    }

    private Optional<Found> at(PolicyId policy, Instant at, String which) {
        return platform.sql(POLICY.formatted(AT) + which)
                .params(atUtc(at), policy.value())
                .query(Windows::found)
                .optional();
    }

    private static boolean isPresent(Found found, Instant now) {
        WindowSpan span = found.span();
        return span != null
                && (span.end() == null || now.isBefore(span.end()))
                && Objects.equals(found.slices(), found.policy().slices());
    }

    private Found begun(Found found, Instant now) {
        if (isPresent(found, now)) {
            return found;
        }
        WindowSpan former = found.span();
        if (former != null && former.end() == null && !endsNow(found.key(), now)) {
            // Another registry has just begun the next one.
            return at(found.policy().id(), now, "").orElse(found);
        }
        boolean recut = former != null && former.end() == null;
        WindowSpan span = recut ? new WindowSpan(now, null) : next(found, now);
        begin(found.policy(), span);
        return new Found(found.policy(), span, found.policy().slices());
    }

    /** A changed time zone moves the next boundary, not the one that ended the former window. */
    private static WindowSpan next(Found found, Instant at) {
        WindowSpan former = found.span();
        return found.policy().spanAt(at).notBefore(former == null ? null : former.end());
    }

    private boolean endsNow(WindowKey key, Instant now) {
        return platform.sql(
                                """
                                UPDATE quota_window SET ends_at = ?
                                WHERE policy_id = ? AND starts_at = ? AND ends_at IS NULL
                                  AND starts_at < ?
                                """)
                        .params(atUtc(now), key.policy().value(), atUtc(key.start()), atUtc(now))
                        .update()
                == 1;
    }

    /** Nothing happens where another has begun it. */
    public void begin(CountedPolicy policy, WindowSpan span) {
        platform.sql(
                        """
                        INSERT INTO quota_window (policy_id, starts_at, ends_at, tenant_id, slices)
                        VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                        """)
                .params(
                        Arrays.asList(
                                policy.id().value(),
                                atUtc(span.start()),
                                span.end() == null ? null : atUtc(span.end()),
                                policy.tenant().value(),
                                policy.slices()))
                .update();
    }

    private static Found found(ResultSet row, int number) throws SQLException {
        OffsetDateTime start = row.getObject("starts_at", OffsetDateTime.class);
        OffsetDateTime end = row.getObject("ends_at", OffsetDateTime.class);
        return new Found(
                new CountedPolicy(
                        new PolicyId(row.getObject("id", UUID.class)),
                        new TenantId(row.getObject("tenant_id", UUID.class)),
                        Window.valueOf(row.getString("time_window")),
                        row.getLong("amount"),
                        row.getObject("burst", Long.class),
                        row.getObject("created_at", OffsetDateTime.class).toInstant(),
                        ZoneId.of(row.getString("time_zone"))),
                start == null
                        ? null
                        : new WindowSpan(start.toInstant(), end == null ? null : end.toInstant()),
                row.getObject("slices", Long.class));
    }

    public static OffsetDateTime atUtc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
