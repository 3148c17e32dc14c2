package dev.atrium.portal.statement;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.AttachmentType;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.router.Menu;
import com.vaadin.flow.router.Route;
import com.vaadin.flow.server.streams.DownloadHandler;
import com.vaadin.flow.server.streams.DownloadResponse;
import dev.atrium.portal.design.Amounts;
import dev.atrium.portal.design.DataTable;
import dev.atrium.portal.design.EmptyState;
import dev.atrium.portal.design.Icon;
import dev.atrium.portal.design.Mono;
import dev.atrium.portal.design.Panel;
import dev.atrium.portal.design.RowName;
import dev.atrium.portal.design.TitledPage;
import dev.atrium.portal.registry.RegistryStatements;
import dev.atrium.portal.security.Permissions;
import dev.atrium.registry.api.statement.Figures;
import dev.atrium.registry.api.statement.StatementSummary;
import jakarta.annotation.security.RolesAllowed;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Collectors;

@Route("statements")
@Menu(title = "nav.statements", order = 42, icon = "statement")
@RolesAllowed(Permissions.USAGE_READ)
class StatementsView extends Div implements TitledPage {
    private static final int PAGE = 31;
    private static final int HASH_LENGTH = 12;

    private final transient RegistryStatements statements;

    StatementsView(RegistryStatements statements) {
        this.statements = statements;
        addClassName("page");
        add(header(), createList());
    }

    @Override
    public String texts() {
        return "statements";
    }

    private Panel createList() {
        Locale locale = getLocale();
        DataTable<StatementSummary> table =
                new DataTable<StatementSummary>("statements", getTranslation("statements.title"))
                        .name(
                                getTranslation("statements.day"),
                                one -> RowName.title(one.day().toString()))
                        .number(
                                getTranslation("usage.calls.count"),
                                one -> Amounts.count(one.balance().calls(), locale))
                        .number(
                                getTranslation("usage.tokens.in"),
                                one -> Amounts.count(one.balance().inputTokens(), locale))
                        .number(
                                getTranslation("usage.tokens.out"),
                                one -> Amounts.count(one.balance().outputTokens(), locale))
                        .number(getTranslation("usage.cost"), one -> cost(one.balance(), locale))
                        .number(
                                getTranslation("statements.late"),
                                one -> Amounts.count(one.lateCalls(), locale))
                        .number(
                                getTranslation("statements.adjustments"),
                                one -> Amounts.count(one.adjustments(), locale))
                        .column(
                                getTranslation("statements.hash"),
                                one -> Mono.shortened(one.hash(), HASH_LENGTH))
                        .actions(this::createDownloads)
                        .rowId(one -> "statement-" + one.day())
                        .whenEmpty(
                                new EmptyState(
                                        Icon.STATEMENT,
                                        getTranslation("statements.empty.title"),
                                        getTranslation("statements.empty.text")));
        table.load(cursor -> statements.list(PAGE, cursor));
        return new Panel(getTranslation("statements.title"), table)
                .flush()
                .hint(getTranslation("statements.hint"));
    }

    private Component createDownloads(StatementSummary summary) {
        LocalDate day = summary.day();
        Div links =
                new Div(
                        createDownload(
                                "JSON", day, "application/json", () -> statements.document(day)),
                        createDownload(
                                "CSV",
                                day,
                                "text/csv; charset=utf-8",
                                () ->
                                        StatementCsv.of(statements.get(day).document())
                                                .getBytes(StandardCharsets.UTF_8)));
        links.addClassName("chips");
        return links;
    }

    /** What is read only when somebody asks for it. */
    private Anchor createDownload(
            String format, LocalDate day, String type, Supplier<byte[]> content) {
        String ending = format.toLowerCase(Locale.ROOT);
        DownloadHandler handler =
                DownloadHandler.fromInputStream(event -> {
                    byte[] bytes = content.get();
                    return new DownloadResponse(
                            new ByteArrayInputStream(bytes),
                            "statement-" + day + "." + ending,
                            type,
                            bytes.length);
                });
        Anchor link = new Anchor(handler, AttachmentType.DOWNLOAD, format);
        link.setId("statement-" + day + "-" + ending);
        link.setAriaLabel(getTranslation("statements.download", day.toString(), format));
        return link;
    }

    private static String cost(Figures figures, Locale locale) {
        return figures.costs().isEmpty()
                ? "—"
                : figures.costs().stream()
                        .map(cost -> Amounts.money(cost.micros(), cost.currency(), locale))
                        .collect(Collectors.joining(" + "));
    }
}
