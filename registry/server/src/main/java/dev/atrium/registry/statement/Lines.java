package dev.atrium.registry.statement;

import dev.atrium.registry.api.statement.StatementDocument.Hour;
import dev.atrium.registry.api.statement.StatementDocument.Rows;
import dev.atrium.registry.api.tenancy.TenantId;
import java.security.MessageDigest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The hashes of the ledger's rows, kept when their statement is made, so that a changed row can be
 * named. Everything streams: a day may have millions of rows.
 */
@Component
class Lines {
    private static final int FETCH = 5_000;

    private final JdbcClient platform;

    Lines(@Qualifier("platformJdbc") JdbcClient platform) {
        this.platform = platform;
    }

    /** Keeps the hashes of the day's rows and of the late ones of its statement. */
    void keep(TenantId tenant, LocalDate day) {
        platform.sql(
                        """
                        INSERT INTO usage_line (tenant_id, day, call_id, statement_day, hash)
                        SELECT r.tenant_id, r.day, r.call_id, :day, usage_row_hash(r)
                        FROM usage_record r
                        WHERE r.tenant_id = :tenant AND r.day = :day AND NOT EXISTS (
                            SELECT FROM usage_late l WHERE l.day = r.day AND l.call_id = r.call_id)
                        UNION ALL
                        SELECT r.tenant_id, r.day, r.call_id, :day, usage_row_hash(r)
                        FROM usage_late l JOIN usage_record r USING (day, call_id)
                        WHERE l.tenant_id = :tenant AND l.statement_day = :day
                          AND r.tenant_id = :tenant
                        """)
                .param("tenant", tenant.value())
                .param("day", day)
                .update();
    }

    /** Of what was kept, in a transaction. */
    Rows rows(TenantId tenant, LocalDate day) {
        DayDigest digest = new DayDigest();
        platform.sql(
                        """
                        SELECT call_id, hash FROM usage_line
                        WHERE tenant_id = ? AND day = ? AND statement_day = ? ORDER BY call_id
                        """)
                .params(tenant.value(), day, day)
                .withFetchSize(FETCH)
                .query(digest::add);
        return digest.rows();
    }

    /** Count and digest of the late rows of a statement; no hours. */
    Rows late(TenantId tenant, LocalDate day) {
        DayDigest digest = new DayDigest();
        platform.sql(
                        """
                        SELECT line.call_id, line.hash
                        FROM usage_late l JOIN usage_line line USING (tenant_id, day, call_id)
                        WHERE l.tenant_id = ? AND l.statement_day = ? ORDER BY line.day, line.call_id
                        """)
                .params(tenant.value(), day)
                .withFetchSize(FETCH)
                .query(digest::add);
        Rows rows = digest.rows();
        return new Rows(rows.count(), rows.digest(), List.of());
    }

    /** Digests rows that come in the order of their call ids, hour by hour and together. */
    private static final class DayDigest {
        private static final long HOUR_MILLIS = 3_600_000;

        private final MessageDigest whole = Seal.sha256();
        private final MessageDigest ofHour = Seal.sha256();
        private final List<Hour> hours = new ArrayList<>();
        private int hour;
        private long count;
        private long inHour;

        void add(ResultSet row) throws SQLException {
            UUID call = row.getObject("call_id", UUID.class);
            byte[] hash = row.getBytes("hash");
            int hourOfRow = (int) ((call.getMostSignificantBits() >>> 16) / HOUR_MILLIS % 24);
            if (hourOfRow != hour) {
                endHour();
                hour = hourOfRow;
            }
            whole.update(hash);
            ofHour.update(hash);
            count++;
            inHour++;
        }

        private void endHour() {
            if (inHour > 0) {
                hours.add(new Hour(hour, inHour, Seal.hex(ofHour.digest())));
                inHour = 0;
            }
        }

        Rows rows() {
            endHour();
            return new Rows(count, Seal.hex(whole.digest()), hours);
        }
    }
}
