package dev.atrium.node.engine.table;

import dev.atrium.node.engine.EngineException;
import dev.atrium.registry.api.catalog.ColumnSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes numbers of one column's values. */
final class Column {
    private static final double UNKNOWN_ORDINAL = -1;

    private enum Kind {
        NUMERIC,
        ONE_HOT,
        ORDINAL
    }

    private final String name;
    private final Kind kind;
    private final double mean;
    private final double std;
    private final Map<String, Integer> categories = new HashMap<>();
    private final boolean fillsMissing;
    private final boolean ignoresUnknown;

    Column(ColumnSettings settings) {
        this.name = settings.name();
        this.kind =
                switch (settings.kind()) {
                    case "one-hot" -> Kind.ONE_HOT;
                    case "ordinal" -> Kind.ORDINAL;
                    case null, default -> Kind.NUMERIC;
                };
        this.mean = settings.mean() == null ? 0 : settings.mean();
        this.std = settings.std() == null ? 1 : settings.std();
        List<String> known = settings.categories() == null ? List.of() : settings.categories();
        known.forEach(category -> categories.put(category, categories.size()));
        this.fillsMissing =
                "mean".equals(settings.missing()) || "unknown".equals(settings.missing());
        this.ignoresUnknown = "ignore".equals(settings.unknown());
    }

    String name() {
        return name;
    }

    /** Numbers that it makes of a value. */
    int width() {
        return kind == Kind.ONE_HOT ? categories.size() : 1;
    }

    /**
     * @param value a {@link Double}, a text, or null for none
     * @param place names the value in refusals
     */
    void encode(@Nullable Object value, String place, float[] target, int at) {
        if (value == null) {
            missing(place, target, at);
        } else if (kind == Kind.NUMERIC) {
            if (!(value instanceof Double number)) {
                throw EngineException.invalidPart(place, "must be a number");
            }
            target[at] = (float) ((number - mean) / std);
        } else {
            category(text(value), place, target, at);
        }
    }

    private void missing(String place, float[] target, int at) {
        if (!fillsMissing) {
            throw EngineException.invalidPart(place, "is missing");
        }
        // The mean is 0 once it is taken away; so are all of no category.
        target[at] = kind == Kind.ORDINAL ? (float) UNKNOWN_ORDINAL : 0;
    }

    private void category(String value, String place, float[] target, int at) {
        Integer index = categories.get(value);
        if (index == null && !ignoresUnknown) {
            throw EngineException.invalidPart(place, "is none of the column's categories");
        }
        if (kind == Kind.ONE_HOT) {
            if (index != null) {
                target[at + index] = 1;
            }
        } else {
            target[at] = index == null ? (float) UNKNOWN_ORDINAL : index;
        }
    }

    /** Categories may be numbers: 3 and 3.0 are the category "3". */
    private static String text(Object value) {
        return value instanceof Double number && number == Math.rint(number)
                ? Long.toString(number.longValue())
                : value.toString();
    }
}
