package dev.atrium.node.engine.table;

import dev.atrium.fuzz.Target;
import dev.atrium.node.engine.EngineException;
import dev.atrium.registry.api.catalog.ColumnSettings;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** Tables as callers send them. */
public final class TableTarget implements Target {
    private final Rows rows =
            new Rows(
                    Stream.of(
                                    new ColumnSettings("age", null, 40.0, 10.0, null, "mean", null),
                                    new ColumnSettings(
                                            "city",
                                            "one-hot",
                                            null,
                                            null,
                                            List.of("Oslo", "Rome"),
                                            "unknown",
                                            "ignore"),
                                    new ColumnSettings(
                                            "size",
                                            "ordinal",
                                            null,
                                            null,
                                            List.of("1", "2"),
                                            null,
                                            null))
                            .map(Column::new)
                            .toList(),
                    4,
                    10);

    @Override
    public List<byte[]> seeds() {
        return Stream.of(
                        """
                        [{"age":31,"city":"Oslo","size":1},{"city":null,"size":"2"}]
                        """,
                        """
                        {"rows":[[1e1,"Rome",2.0],[null,"Paris",1]]}
                        """)
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    @Override
    public void read(byte[] input) {
        try {
            rows.read(input);
        } catch (EngineException refused) {
            // The answer to a broken table.
        }
    }
}
