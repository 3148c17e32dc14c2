package dev.atrium.portal.playground;

import dev.atrium.registry.api.catalog.ColumnSettings;
import dev.atrium.registry.api.catalog.VersionSettings;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One row that a version's columns take. */
final class RowTemplate {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private RowTemplate() {}

    static String of(VersionSettings settings) {
        List<ColumnSettings> columns = settings.columns() == null ? List.of() : settings.columns();
        ArrayNode rows = JSON.createArrayNode();
        ObjectNode row = rows.addObject();
        for (ColumnSettings column : columns) {
            if (column.categories() == null) {
                row.put(column.name(), column.mean() == null ? 0 : column.mean());
            } else {
                row.put(column.name(), column.categories().getFirst());
            }
        }
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(rows);
    }
}
