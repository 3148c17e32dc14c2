package dev.atrium.registry.statement;

import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.statement.Figures;
import dev.atrium.registry.api.statement.Statement;
import dev.atrium.registry.api.statement.StatementDocument;
import dev.atrium.registry.api.statement.StatementMonth;
import dev.atrium.registry.api.statement.StatementSummary;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.paging.PageRequest;
import dev.atrium.registry.paging.Paging;
import dev.atrium.registry.paging.Window;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/** Reads the statements of the tenant in scope. */
@Component
class StatementReader {
    private static final LocalDate FIRST = LocalDate.of(1970, 1, 1);
    private static final LocalDate LAST = LocalDate.of(9999, 12, 31);

    private record Row(StatementDocument document, String hash, String seal, OffsetDateTime at) {
        StatementSummary summary() {
            return new StatementSummary(
                    document.day(),
                    document.total(),
                    document.late().count(),
                    document.adjustments().size(),
                    document.balance(),
                    hash,
                    at.toInstant());
        }
    }

    private final JdbcClient jdbc;
    private final Paging paging;
    private final JsonMapper json;

    StatementReader(JdbcClient jdbc, Paging paging, JsonMapper json) {
        this.jdbc = jdbc;
        this.paging = paging;
        this.json = json;
    }

    /**
     * Newest first.
     *
     * @param from first day
     * @param to last day
     */
    @Transactional(readOnly = true)
    public Page<StatementSummary> list(
            TenantId tenant, @Nullable LocalDate from, @Nullable LocalDate to, PageRequest page) {
        Window window = paging.window("statements", page);
        LocalDate last = to == null ? LAST : to;
        LocalDate until =
                window.after()
                        .map(LocalDate::parse)
                        .map(day -> day.minusDays(1))
                        .filter(day -> day.isBefore(last))
                        .orElse(last);
        List<Row> rows =
                jdbc.sql(
                                """
                                SELECT * FROM usage_statement
                                WHERE tenant_id = ? AND day >= ? AND day <= ?
                                ORDER BY day DESC LIMIT ?
                                """)
                        .params(tenant.value(), from == null ? FIRST : from, until, window.fetch())
                        .query(this::row)
                        .list();
        return paging.page(window, rows, row -> row.document().day().toString(), Row::summary);
    }

    @Transactional(readOnly = true)
    public Statement get(TenantId tenant, LocalDate day) {
        return jdbc.sql("SELECT * FROM usage_statement WHERE tenant_id = ? AND day = ?")
                .params(tenant.value(), day)
                .query(this::row)
                .optional()
                .map(row ->
                        new Statement(row.document(), row.hash(), row.seal(), row.at().toInstant()))
                .orElseThrow(() -> new StatementNotFoundException(day.toString()));
    }

    /** The text that the hash is of. */
    @Transactional(readOnly = true)
    public String document(TenantId tenant, LocalDate day) {
        return jdbc.sql("SELECT document FROM usage_statement WHERE tenant_id = ? AND day = ?")
                .params(tenant.value(), day)
                .query(String.class)
                .optional()
                .orElseThrow(() -> new StatementNotFoundException(day.toString()));
    }

    /** Statements follow each other without a gap, so the month is closed with its last day. */
    @Transactional(readOnly = true)
    public StatementMonth month(TenantId tenant, YearMonth month) {
        List<Row> rows =
                jdbc.sql(
                                """
                                SELECT * FROM usage_statement
                                WHERE tenant_id = ? AND day BETWEEN ? AND ? ORDER BY day
                                """)
                        .params(tenant.value(), month.atDay(1), month.atEndOfMonth())
                        .query(this::row)
                        .list();
        if (rows.isEmpty()) {
            throw new StatementNotFoundException(month.toString());
        }
        return new StatementMonth(
                month,
                rows.getLast().document().day().equals(month.atEndOfMonth()),
                rows.size(),
                rows.stream()
                        .map(row -> row.document().balance())
                        .reduce(Figures.NONE, Figures::plus));
    }

    private Row row(ResultSet row, int number) throws SQLException {
        return new Row(
                json.readValue(row.getString("document"), StatementDocument.class),
                row.getString("hash"),
                row.getString("seal"),
                row.getObject("made_at", OffsetDateTime.class));
    }
}
