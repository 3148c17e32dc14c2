package dev.atrium.portal.statement;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.flow.component.html.Anchor;
import dev.atrium.portal.ViewTest;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.pricing.Cost;
import dev.atrium.registry.api.statement.Adjustment;
import dev.atrium.registry.api.statement.AdjustmentKind;
import dev.atrium.registry.api.statement.Figures;
import dev.atrium.registry.api.statement.Statement;
import dev.atrium.registry.api.statement.StatementDocument;
import dev.atrium.registry.api.statement.StatementDocument.Late;
import dev.atrium.registry.api.statement.StatementDocument.Rows;
import dev.atrium.registry.api.statement.StatementDocument.Sides;
import dev.atrium.registry.api.usage.Media;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class StatementsViewIT extends ViewTest {
    private static final LocalDate DAY = LocalDate.of(2026, 1, 31);

    @Test
    void saysWhenTheFirstStatementComes() {
        navigate(StatementsView.class);

        assertThat(text()).contains("No day is closed yet");
    }

    @Test
    void showsWhatEachDayCameTo() {
        state.statements.add(statement());

        navigate(StatementsView.class);

        assertThat(rows("statements")).isEqualTo(1);
        assertThat(text()).contains("2026-01-31", "1,234", "€0.00006", "abababababab");
    }

    @Test
    void givesTheStatementAsJsonAndAsLinesForSpreadsheets() {
        state.statements.add(statement());
        navigate(StatementsView.class);

        String json = download("json");
        String csv = download("csv");

        assertThat(json).contains("\"previousHash\"", "\"balance\"");
        assertThat(csv.lines().toList())
                .contains(
                        "2026-01-31,TOTAL,2026-01-31,,,1235,30,3,2000,60,EUR,,0,0",
                        "2026-01-31,CREDIT,2026-01-30,\"acme/iris\",,-1,0,0,0,,,"
                                + "\"'=an \"\"outage\"\"\",-2,0");
    }

    private String download(String ending) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        test($(Anchor.class).withId("statement-" + DAY + "-" + ending).single()).download(content);
        return content.toString(StandardCharsets.UTF_8);
    }

    private Statement statement() {
        Figures total = new Figures(1_235, 30, 3, 2_000, List.of(new Cost(60, "EUR")));
        Adjustment credit =
                new Adjustment(
                        UUID.randomUUID(),
                        AdjustmentKind.CREDIT,
                        DAY,
                        null,
                        DAY.minusDays(1),
                        ModelName.of("acme/iris"),
                        -1,
                        0,
                        0,
                        0,
                        null,
                        "=an \"outage\"",
                        "user:admin",
                        Instant.now(),
                        new Media(-2, 0));
        return new Statement(
                new StatementDocument(
                        1,
                        state.acme.id(),
                        DAY,
                        "0".repeat(64),
                        total,
                        List.of(),
                        List.of(),
                        List.of(),
                        new Sides(total, Figures.NONE, Figures.NONE, 0, 0, 0, 0),
                        new Rows(1_235, "a".repeat(64), List.of()),
                        new Late(0, "a".repeat(64), List.of()),
                        List.of(credit),
                        total.plus(credit.figures())),
                "ab".repeat(32),
                "cd".repeat(32),
                Instant.now());
    }
}
