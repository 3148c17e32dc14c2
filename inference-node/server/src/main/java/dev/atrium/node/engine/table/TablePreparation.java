package dev.atrium.node.engine.table;

import dev.atrium.node.engine.Cancellation;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.NaturalInput;
import dev.atrium.node.engine.predict.ModelInput;
import dev.atrium.node.engine.predict.Preparation;
import dev.atrium.registry.api.catalog.ColumnSettings;
import dev.atrium.registry.api.catalog.Signature;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Makes one FP32 tensor of [rows, numbers] of a table. */
public final class TablePreparation implements Preparation {
    static final String PARAM = "rows";
    private static final int MOST_ROWS = 10_000;
    private static final int MOST_NUMBERS = 4 << 20;

    private final ModelInput input;
    private final List<ColumnSettings> settings;
    private final Rows rows;
    private final int width;

    public TablePreparation(Signature signature, @Nullable List<ColumnSettings> settings) {
        if (settings == null) {
            throw EngineException.failed("the task TABULAR needs 'settings.columns'", null);
        }
        this.settings = settings;
        List<Column> columns = settings.stream().map(Column::new).toList();
        this.width = columns.stream().mapToInt(Column::width).sum();
        ModelInput model = ModelInput.of(signature);
        int fixed = model.dimension(0, MOST_ROWS);
        this.input = model.requireShape(-1, width);
        this.rows = new Rows(columns, width, Math.min(fixed, MOST_NUMBERS / width));
    }

    @Override
    public Prepared prepare(NaturalInput table, Cancellation cancellation) {
        List<float[]> encoded = rows.read(table.bytes());
        int wanted = input.dimension(0, encoded.size());
        float[] all = new float[wanted * width];
        for (int row = 0; row < encoded.size(); row++) {
            System.arraycopy(encoded.get(row), 0, all, row * width, width);
        }
        return new Prepared(input.tensor(all, wanted, width), encoded.size(), 0, null);
    }

    /** One row of means and first categories. */
    @Override
    public NaturalInput sample() {
        List<Object> row =
                settings.stream()
                        .map(column ->
                                column.categories() == null
                                        ? (Object) (column.mean() == null ? 0.0 : column.mean())
                                        : column.categories().getFirst())
                        .toList();
        byte[] body = JsonMapper.builder().build().writeValueAsBytes(List.of(row));
        return new NaturalInput("application/json", ByteBuffer.wrap(body));
    }
}
