package dev.atrium.registry.statement;

import dev.atrium.registry.api.statement.StatementVerification.Kind;
import dev.atrium.registry.api.tenancy.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Hashes every row of a closed day anew and lays it beside what was kept of it. */
@Component
class RowCheck {
    /** Nothing says that only few rows are wrong. */
    private static final int FETCH = 1_000;

    private final JdbcClient platform;

    RowCheck(@Qualifier("platformJdbc") JdbcClient platform) {
        this.platform = platform;
    }

    /** Whether the ledger still has room for the day; a day is dropped as a whole. */
    boolean isKept(LocalDate day) {
        return platform.sql(
                        "SELECT to_regclass('public.usage_record_' || to_char(?::date,"
                                + " 'YYYYMMDD')) IS NOT NULL")
                .param(day)
                .query(Boolean.class)
                .single();
    }

    /**
     * A row without a hash is right only while it waits, noted by its posting, for the statement of
     * a day that is still open; a hash or a note without a row never is.
     *
     * @return rows that were read
     */
    long check(TenantId tenant, LocalDate day, Findings findings) {
        platform.sql(
                        """
                        SELECT call_id, CASE WHEN r.call_id IS NULL THEN 'ROW_MISSING'
                                             WHEN n.hash IS NULL THEN 'ROW_ADDED'
                                             ELSE 'ROW_ALTERED' END AS kind
                        FROM (SELECT call_id, usage_row_hash(u) AS hash FROM usage_record u
                              WHERE tenant_id = :tenant AND day = :day) r
                        FULL JOIN (SELECT call_id, hash FROM usage_line
                                   WHERE tenant_id = :tenant AND day = :day) n USING (call_id)
                        WHERE r.hash IS DISTINCT FROM n.hash AND (
                            r.hash IS NULL OR n.hash IS NOT NULL OR NOT EXISTS (
                                SELECT FROM usage_late l
                                WHERE l.day = :day AND l.call_id = r.call_id
                                  AND l.tenant_id = :tenant AND NOT EXISTS (
                                      SELECT FROM usage_statement s WHERE s.tenant_id = :tenant
                                         AND s.day = l.statement_day)))
                        UNION ALL
                        SELECT l.call_id, 'ROW_MISSING' FROM usage_late l
                        WHERE l.tenant_id = :tenant AND l.day = :day
                          AND NOT EXISTS (SELECT FROM usage_record u
                                          WHERE u.day = l.day AND u.call_id = l.call_id
                                            AND u.tenant_id = :tenant)
                          AND NOT EXISTS (SELECT FROM usage_line n
                                          WHERE n.tenant_id = :tenant AND n.day = l.day
                                            AND n.call_id = l.call_id)
                        ORDER BY 1
                        """)
                .param("tenant", tenant.value())
                .param("day", day)
                .withFetchSize(FETCH)
                .query((ResultSet row) -> note(row, day, findings));
        return platform.sql("SELECT count(*) FROM usage_record WHERE tenant_id = ? AND day = ?")
                .params(tenant.value(), day)
                .query(Long.class)
                .single();
    }

    private static void note(ResultSet row, LocalDate day, Findings findings) throws SQLException {
        Kind kind = Kind.valueOf(row.getString("kind"));
        findings.add(
                day,
                kind,
                row.getObject("call_id", UUID.class),
                switch (kind) {
                    case ROW_MISSING -> "the ledger has this call no longer";
                    case ROW_ADDED -> "no statement counts this call and nobody posted it";
                    default -> "the call's row is not what its statement was made of";
                });
    }
}
