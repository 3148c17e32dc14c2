package dev.atrium.registry.quota.window;

import static dev.atrium.registry.quota.window.Windows.atUtc;

import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.Window;
import dev.atrium.registry.api.tenancy.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

@Component
class JdbcWindowStore implements WindowStore {
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

    JdbcWindowStore(@Qualifier("platformJdbc") JdbcClient platform) {
        this.platform = platform;
    }

    @Override
    public Optional<Windows.Found> ofLiving(PolicyId policy, Instant at) {
        return find(AT, policy, at, LIVING);
    }

    @Override
    public Optional<Windows.Found> ofAny(PolicyId policy, Instant at) {
        return find(AT, policy, at, "");
    }

    @Override
    public Optional<Windows.Found> beginningAt(PolicyId policy, Instant start) {
        return find("w.starts_at = ?", policy, start, LIVING).filter(found -> found.span() != null);
    }

    private Optional<Windows.Found> find(
            String condition, PolicyId policy, Instant instant, String which) {
        return platform.sql(POLICY.formatted(condition) + which)
                .params(atUtc(instant), policy.value())
                .query(JdbcWindowStore::found)
                .optional();
    }

    @Override
    public boolean end(WindowKey key, Instant now) {
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

    @Override
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

    private static Windows.Found found(ResultSet row, int number) throws SQLException {
        OffsetDateTime start = row.getObject("starts_at", OffsetDateTime.class);
        OffsetDateTime end = row.getObject("ends_at", OffsetDateTime.class);
        return new Windows.Found(
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
}
