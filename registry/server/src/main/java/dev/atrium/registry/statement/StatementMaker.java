package dev.atrium.registry.statement;

import dev.atrium.registry.api.statement.Adjustment;
import dev.atrium.registry.api.statement.Figures;
import dev.atrium.registry.api.statement.StatementDocument;
import dev.atrium.registry.api.statement.StatementDocument.Late;
import dev.atrium.registry.api.statement.StatementDocument.LateTotal;
import dev.atrium.registry.api.statement.StatementDocument.ProjectTotal;
import dev.atrium.registry.api.statement.StatementDocument.Rows;
import dev.atrium.registry.api.statement.StatementDocument.Sides;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.database.AdvisoryLock;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Makes a tenant's statement of a closed day: once, whoever asks and however often. */
@Component
class StatementMaker {
    static final int FORMAT = 1;
    static final String NO_HASH = "0".repeat(64);

    private final JdbcClient platform;
    private final TransactionTemplate transactions;
    private final Lines lines;
    private final Sums sums;
    private final SideBySide sides;
    private final AdjustmentStore adjustments;
    private final Seal seal;
    private final JsonMapper json;

    StatementMaker(
            @Qualifier("platformJdbc") JdbcClient platform,
            @Qualifier("platformTransactions") TransactionTemplate transactions,
            Lines lines,
            Sums sums,
            SideBySide sides,
            AdjustmentStore adjustments,
            Seal seal,
            JsonMapper json) {
        this.platform = platform;
        this.transactions = transactions;
        this.lines = lines;
        this.sums = sums;
        this.sides = sides;
        this.adjustments = adjustments;
        this.seal = seal;
        this.json = json;
    }

    /** What belongs to a closed day cannot change any more, so it may be read bit by bit. */
    void make(TenantId tenant, LocalDate day) {
        transactions.executeWithoutResult(status -> {
            platform.sql("SELECT pg_advisory_xact_lock(?)")
                    .param(AdvisoryLock.STATEMENTS.number())
                    .query()
                    .singleRow();
            if (isMade(tenant, day)) {
                return;
            }
            lines.keep(tenant, day);
            keep(document(tenant, day, previousHash(tenant, day), sides.of(tenant, day)));
        });
    }

    private boolean isMade(TenantId tenant, LocalDate day) {
        return platform.sql(
                        "SELECT EXISTS (SELECT FROM usage_statement WHERE tenant_id = ? AND day = ?)")
                .params(tenant.value(), day)
                .query(Boolean.class)
                .single();
    }

    private String previousHash(TenantId tenant, LocalDate day) {
        return platform.sql(
                        """
                        SELECT hash FROM usage_statement WHERE tenant_id = ? AND day < ?
                        ORDER BY day DESC LIMIT 1
                        """)
                .params(tenant.value(), day)
                .query(String.class)
                .optional()
                .orElse(NO_HASH);
    }

    /** From the rows and the hashes kept of them. */
    StatementDocument document(
            TenantId tenant, LocalDate day, String previousHash, Sides accounts) {
        Rows lateRows = lines.late(tenant, day);
        List<ProjectTotal> projects = sums.projects(tenant, day);
        Late late = new Late(lateRows.count(), lateRows.digest(), sums.late(tenant, day));
        List<Adjustment> adjusted = adjustments.ofStatement(tenant, day);
        Figures total = sum(projects.stream().map(ProjectTotal::figures));
        Figures balance =
                sum(
                        Stream.of(
                                        Stream.of(total),
                                        late.totals().stream().map(LateTotal::figures),
                                        adjusted.stream().map(Adjustment::figures))
                                .flatMap(figures -> figures));
        return new StatementDocument(
                FORMAT,
                tenant,
                day,
                previousHash,
                total,
                projects,
                sums.principals(tenant, day),
                sums.models(tenant, day),
                accounts,
                lines.rows(tenant, day),
                late,
                adjusted,
                balance);
    }

    private static Figures sum(Stream<Figures> figures) {
        return figures.reduce(Figures.NONE, Figures::plus);
    }

    private void keep(StatementDocument document) {
        String text = json.writeValueAsString(document);
        String hash = Seal.hash(text);
        platform.sql(
                        """
                        INSERT INTO usage_statement (tenant_id, day, document, hash, seal)
                        VALUES (?, ?, ?, ?, ?)
                        """)
                .params(document.tenantId().value(), document.day(), text, hash, seal.of(hash))
                .update();
    }
}
