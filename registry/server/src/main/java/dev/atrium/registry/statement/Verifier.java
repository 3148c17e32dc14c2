package dev.atrium.registry.statement;

import dev.atrium.registry.api.statement.StatementDocument;
import dev.atrium.registry.api.statement.StatementVerification;
import dev.atrium.registry.api.statement.StatementVerification.Kind;
import dev.atrium.registry.api.statement.VerifyStatements;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.error.InvalidRequestException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Recomputes a tenant's statements from the ledger: rows, digests, sums, hash, seal and chain. One
 * snapshot for all of it, so that what is posted meanwhile is no finding.
 */
@Component
class Verifier {
    private static final int MAX_DAYS = 31;

    /** The database refuses to drop a day of the last 31. */
    private static final int LEAST_KEPT_DAYS = 31;

    record Kept(LocalDate day, String document, String hash, String seal) {}

    private final JdbcClient platform;
    private final RowCheck rows;
    private final StatementCheck statements;
    private final Clock clock;

    Verifier(
            @Qualifier("platformJdbc") JdbcClient platform,
            RowCheck rows,
            StatementCheck statements,
            Clock clock) {
        this.platform = platform;
        this.rows = rows;
        this.statements = statements;
        this.clock = clock;
    }

    @Transactional(
            value = "platformTransactionManager",
            readOnly = true,
            isolation = Isolation.REPEATABLE_READ)
    public StatementVerification verify(TenantId tenant, VerifyStatements wish) {
        LocalDate to = wish.to() == null ? lastStated() : wish.to();
        LocalDate from = wish.from() == null ? to.minusDays(MAX_DAYS - 1L) : wish.from();
        if (from.isAfter(to) || from.plusDays(MAX_DAYS).isBefore(to.plusDays(1))) {
            throw new InvalidRequestException(
                    "'from' must not be after 'to' nor more than " + MAX_DAYS + " days before it");
        }
        Map<LocalDate, Kept> kept = new TreeMap<>();
        kept(tenant, from, to).forEach(statement -> kept.put(statement.day(), statement));
        Findings findings = new Findings();
        long read = 0;
        long expired = 0;
        Optional<Kept> previous = before(tenant, from);
        for (LocalDate day : expected(tenant, from, to, kept)) {
            boolean expires = isExpired(day);
            Kept statement = kept.get(day);
            if (statement == null) {
                findings.add(day, Kind.STATEMENT_MISSING, "the closed day has no statement");
            } else {
                StatementDocument document = statements.checkForm(tenant, statement, findings);
                statements.checkChain(
                        statement, document, previous, isFirst(tenant, day), findings);
                if (document != null && !expires) {
                    boolean lateKept =
                            document.late().totals().stream()
                                    .noneMatch(late -> isExpired(late.day()));
                    statements.checkContent(tenant, document, lateKept, findings);
                }
                previous = Optional.of(statement);
            }
            read += expires ? 0 : rows.check(tenant, day, findings);
            expired += expires ? 1 : 0;
        }
        return new StatementVerification(
                from,
                to,
                kept.size(),
                read,
                expired,
                findings.count(),
                findings.kept(),
                previous.map(Kept::hash).orElse(null));
    }

    private boolean isExpired(LocalDate day) {
        return !rows.isKept(day)
                && day.isBefore(
                        LocalDate.now(clock.withZone(ZoneOffset.UTC)).minusDays(LEAST_KEPT_DAYS));
    }

    private LocalDate lastStated() {
        return platform.sql("SELECT max(day) FROM usage_stated_day")
                .query(LocalDate.class)
                .single();
    }

    private List<Kept> kept(TenantId tenant, LocalDate from, LocalDate to) {
        return platform.sql(
                        """
                        SELECT day, document, hash, seal FROM usage_statement
                        WHERE tenant_id = ? AND day BETWEEN ? AND ?
                        """)
                .params(tenant.value(), from, to)
                .query(Verifier::kept)
                .list();
    }

    private Optional<Kept> before(TenantId tenant, LocalDate day) {
        return platform.sql(
                        """
                        SELECT day, document, hash, seal FROM usage_statement
                        WHERE tenant_id = ? AND day < ? ORDER BY day DESC LIMIT 1
                        """)
                .params(tenant.value(), day)
                .query(Verifier::kept)
                .optional();
    }

    /** Every stated day since the tenant was made, and whatever else there is a statement of. */
    private List<LocalDate> expected(
            TenantId tenant, LocalDate from, LocalDate to, Map<LocalDate, Kept> kept) {
        Set<LocalDate> days = new TreeSet<>(kept.keySet());
        LocalDate first = firstDay(tenant);
        from.datesUntil(to.plusDays(1))
                .filter(day -> !day.isBefore(first) && !day.isAfter(lastStated()))
                .forEach(days::add);
        return List.copyOf(days);
    }

    private boolean isFirst(TenantId tenant, LocalDate day) {
        return day.equals(firstDay(tenant));
    }

    private LocalDate firstDay(TenantId tenant) {
        return platform.sql(
                        """
                        SELECT greatest(%s, (SELECT min(day) + 1 FROM usage_closed_day))
                        FROM tenant t WHERE t.id = ?
                        """
                                .formatted(StatementDuty.FIRST_DAY))
                .param(tenant.value())
                .query(LocalDate.class)
                .single();
    }

    private static Kept kept(ResultSet row, int number) throws SQLException {
        return new Kept(
                row.getObject("day", LocalDate.class),
                row.getString("document"),
                row.getString("hash"),
                row.getString("seal"));
    }
}
