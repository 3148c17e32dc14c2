package dev.atrium.portal.statement;

import dev.atrium.registry.api.pricing.Cost;
import dev.atrium.registry.api.statement.Adjustment;
import dev.atrium.registry.api.statement.Figures;
import dev.atrium.registry.api.statement.StatementDocument;
import dev.atrium.registry.api.statement.StatementDocument.LateTotal;
import dev.atrium.registry.api.statement.StatementDocument.ModelTotal;
import dev.atrium.registry.api.statement.StatementDocument.PrincipalTotal;
import dev.atrium.registry.api.statement.StatementDocument.ProjectTotal;
import dev.atrium.registry.api.usage.Media;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A statement for spreadsheets (RFC 4180): a line per sum and currency. The first currency shares
 * its line with the counts; further ones have lines with zeros, so that columns can be added up.
 */
final class StatementCsv {
    private static final String HEAD =
            "statement_day,line,day,name,version,calls,input_tokens,output_tokens,compute_micros,"
                    + "cost_micros,currency,reason,images,audio_millis";

    private final LocalDate statementDay;
    private final StringBuilder text = new StringBuilder(HEAD).append("\r\n");

    private StatementCsv(LocalDate statementDay) {
        this.statementDay = statementDay;
    }

    static String of(StatementDocument statement) {
        StatementCsv csv = new StatementCsv(statement.day());
        LocalDate day = statement.day();
        csv.add("TOTAL", day, "", "", statement.total(), "");
        for (ProjectTotal project : statement.projects()) {
            csv.add("PROJECT", day, project.projectId().toString(), "", project.figures(), "");
        }
        for (PrincipalTotal caller : statement.principals()) {
            csv.add(caller.kind().name(), day, caller.principalId(), "", caller.figures(), "");
        }
        for (ModelTotal model : statement.models()) {
            String version = String.valueOf(model.version());
            csv.add("MODEL", day, model.model().toString(), version, model.figures(), "");
        }
        for (LateTotal late : statement.late().totals()) {
            String version = String.valueOf(late.version());
            csv.add("LATE", late.day(), late.model().toString(), version, late.figures(), "");
        }
        for (Adjustment one : statement.adjustments()) {
            csv.add(
                    one.kind().name(),
                    one.day(),
                    one.model().toString(),
                    "",
                    one.figures(),
                    one.reason());
        }
        csv.add("BALANCE", day, "", "", statement.balance(), "");
        return csv.text.toString();
    }

    private void add(
            String line,
            LocalDate day,
            String name,
            String version,
            Figures figures,
            String reason) {
        List<Cost> costs = figures.costs();
        Cost first = costs.isEmpty() ? null : costs.getFirst();
        Figures counts = figures;
        do {
            append(
                    statementDay,
                    line,
                    day,
                    guarded(name),
                    version,
                    counts.calls(),
                    counts.inputTokens(),
                    counts.outputTokens(),
                    counts.computeMicros(),
                    first == null ? "" : first.micros(),
                    first == null ? "" : first.currency(),
                    guarded(reason),
                    Media.orNone(counts.media()).images(),
                    Media.orNone(counts.media()).audioMillis());
            counts = Figures.NONE;
            costs = costs.isEmpty() ? costs : costs.subList(1, costs.size());
            first = costs.isEmpty() ? null : costs.getFirst();
        } while (first != null);
    }

    private void append(Object... cells) {
        text.append(Stream.of(cells).map(Object::toString).collect(Collectors.joining(",")))
                .append("\r\n");
    }

    /** Quoted, and never a formula to a spreadsheet. */
    private static String guarded(String words) {
        if (words.isEmpty()) {
            return "";
        }
        String harmless = "=+-@\t\r".indexOf(words.charAt(0)) < 0 ? words : "'" + words;
        return '"' + harmless.replace("\"", "\"\"") + '"';
    }
}
