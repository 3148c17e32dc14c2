package dev.atrium.registry.usage.report;

import dev.atrium.registry.api.usage.UsageDimension;
import java.util.List;

/** One column of a group's key. */
enum Part {
    HOUR("hour", "timestamptz"),
    /** The number of the day, 1 is the first; days of a zone are what the zone's rules say. */
    DAY("width_bucket(hour, (SELECT :days::text::timestamptz[]))", "integer"),
    TENANT("tenant_id", "uuid"),
    PROJECT("project_id", "uuid"),
    PRINCIPAL_KIND("principal_kind COLLATE \"C\"", "text"),
    PRINCIPAL_ID("principal_id COLLATE \"C\"", "text"),
    MODEL("model_name COLLATE \"C\"", "text"),
    VERSION("version", "integer"),
    OPERATION("operation COLLATE \"C\"", "text"),
    /** Empty for calls without one. */
    LABEL("coalesce(label, '') COLLATE \"C\"", "text"),
    /** Empty for calls without a price; the last one of every key. */
    CURRENCY("coalesce(currency, '') COLLATE \"C\"", "text");

    private final String sql;
    private final String type;

    Part(String sql, String type) {
        this.sql = sql;
        this.type = type;
    }

    String sql() {
        return sql;
    }

    String type() {
        return type;
    }

    static List<Part> of(UsageDimension dimension) {
        return switch (dimension) {
            case HOUR -> List.of(HOUR);
            case DAY -> List.of(DAY);
            case TENANT -> List.of(TENANT);
            case PROJECT -> List.of(PROJECT);
            case PRINCIPAL -> List.of(PRINCIPAL_KIND, PRINCIPAL_ID);
            case MODEL -> List.of(MODEL);
            case VERSION -> List.of(VERSION);
            case OPERATION -> List.of(OPERATION);
            case LABEL -> List.of(LABEL);
        };
    }
}
