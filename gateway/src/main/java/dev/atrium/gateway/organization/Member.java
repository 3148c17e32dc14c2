package dev.atrium.gateway.organization;

import java.util.List;
import java.util.Locale;

/** What {@code group_by} can name, and what the registry is asked to split by for it. */
enum Member {
    PROJECT_ID("project"),
    USER_ID("principal"),
    API_KEY_ID("principal"),
    MODEL("model"),
    LINE_ITEM("model", "version", "operation");

    private final List<String> dimensions;

    Member(String... dimensions) {
        this.dimensions = List.of(dimensions);
    }

    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    List<String> dimensions() {
        return dimensions;
    }
}
