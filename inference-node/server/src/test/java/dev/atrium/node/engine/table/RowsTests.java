package dev.atrium.node.engine.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atrium.node.api.NodeError;
import dev.atrium.node.engine.EngineException;
import dev.atrium.registry.api.catalog.ColumnSettings;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowsTests {
    private static final List<Column> COLUMNS =
            List.of(
                    new Column(new ColumnSettings("age", null, 40.0, 10.0, null, "mean", null)),
                    new Column(
                            new ColumnSettings(
                                    "city",
                                    "one-hot",
                                    null,
                                    null,
                                    List.of("Rome", "Paris"),
                                    "unknown",
                                    "ignore")),
                    new Column(
                            new ColumnSettings(
                                    "size", "ordinal", null, null, List.of("1", "2"), null, null)));
    private static final int MOST_ROWS = 3;

    @Test
    void encodesObjectsAndArraysAlike() {
        List<float[]> objects =
                read("[{\"size\": 2, \"age\": 50, \"city\": \"Paris\"}, {\"size\": \"1\"}]");
        List<float[]> arrays = read("{\"rows\": [[50, \"Paris\", 2.0], [null, \"Oslo\", 1]]}");

        assertThat(objects.getFirst()).containsExactly(1, 0, 1, 1);
        assertThat(objects.get(1)).containsExactly(0, 0, 0, 0);
        assertThat(arrays.getFirst()).containsExactly(objects.getFirst());
        assertThat(arrays.get(1)).containsExactly(objects.get(1));
    }

    @Test
    void namesTheValueThatIsWrong() {
        assertRefused("[{\"age\": \"old\", \"size\": 1}]", "rows[0].age", "must be a number");
        assertRefused("[[1, \"Rome\", 1], [1, \"Rome\", 3]]", "rows[1].size", "none of");
        assertRefused("[{\"age\": 1}]", "rows[0].size", "is missing");
        assertRefused("[{\"agee\": 1}]", "rows[0]", "agee");
        assertRefused("[[1, \"Rome\"]]", "rows[0]", "2 values");
        assertRefused("[[1, \"Rome\", 1, 1]]", "rows[0]", "more values");
        assertRefused("[[1, [\"Rome\"], 1]]", "rows[0][1]", "number, text or null");
        assertRefused("[[1e999, \"Rome\", 1]]", "rows[0][0]", "too large");
        assertRefused("[7]", "rows[0]", "object or an array");
    }

    @Test
    void refusesWhatIsNoTable() {
        for (String body :
                List.of(
                        "",
                        "[",
                        "[]",
                        "7",
                        "{\"data\": []}",
                        "{\"rows\": [[1, \"Rome\", 1]], \"more\": 1}",
                        "[[1, \"Rome\", 1]] 2",
                        "[{\"age\": 1, \"age\": 2}]",
                        "[[NaN, \"Rome\", 1]]",
                        "[".repeat(100_000),
                        "[[" + "9".repeat(5_000) + ", \"Rome\", 1]]",
                        "[[1, \"" + "x".repeat(20_000) + "\", 1]]")) {
            assertThatThrownBy(() -> read(body))
                    .as(body.substring(0, Math.min(40, body.length())))
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            e -> assertThat(e.code()).isEqualTo(NodeError.INVALID_INPUT));
        }
    }

    @Test
    void refusesMoreRowsThanItMayHold() {
        String row = "[1, \"Rome\", 1]";

        assertThat(read("[" + row + "," + row + "," + row + "]")).hasSize(MOST_ROWS);
        assertThatThrownBy(() -> read("[" + String.join(",", List.of(row, row, row, row)) + "]"))
                .isInstanceOfSatisfying(
                        EngineException.class,
                        e -> assertThat(e.code()).isEqualTo(NodeError.INPUT_TOO_LARGE));
    }

    private static void assertRefused(String body, String param, String words) {
        assertThatThrownBy(() -> read(body))
                .isInstanceOfSatisfying(
                        EngineException.class,
                        e -> {
                            assertThat(e.param()).isEqualTo(param);
                            assertThat(e.message()).contains(words);
                        });
    }

    private static List<float[]> read(String body) {
        return new Rows(COLUMNS, 4, MOST_ROWS).read(body.getBytes(StandardCharsets.UTF_8));
    }
}
