package dev.atrium.node.engine.table;

import dev.atrium.node.engine.EngineException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/** Reads {@code [row, …]} or {@code {"rows": [row, …]}}, rows being objects or arrays. */
final class Rows {
    private static final int DEEPEST = 4;
    private static final int LONGEST_TEXT = 10_000;
    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(DEEPEST)
                                    .maxNumberLength(100)
                                    .maxStringLength(LONGEST_TEXT)
                                    .maxNameLength(LONGEST_TEXT)
                                    .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build();

    private final List<Column> columns;
    private final int width;
    private final int mostRows;
    private final Map<String, Integer> byName = new HashMap<>();

    Rows(List<Column> columns, int width, int mostRows) {
        this.columns = columns;
        this.width = width;
        this.mostRows = mostRows;
        columns.forEach(column -> byName.put(column.name(), byName.size()));
    }

    List<float[]> read(byte[] body) {
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), body)) {
            List<float[]> rows =
                    switch (json.nextToken()) {
                        case START_ARRAY -> rows(json);
                        case START_OBJECT -> wrapped(json);
                        case null, default -> throw broken("must be an array of rows");
                    };
            if (json.nextToken() != null) {
                throw broken("are followed by something else");
            }
            return rows;
        } catch (JacksonException e) {
            throw broken("are not valid JSON" + place(e));
        }
    }

    private static String place(JacksonException e) {
        return e.getLocation() == null
                ? ""
                : " (line "
                        + e.getLocation().getLineNr()
                        + ", column "
                        + e.getLocation().getColumnNr()
                        + ")";
    }

    private List<float[]> wrapped(JsonParser json) {
        if (!"rows".equals(json.nextName()) || json.nextToken() != JsonToken.START_ARRAY) {
            throw broken("must be an array in the member 'rows', or the body itself");
        }
        List<float[]> rows = rows(json);
        if (json.nextToken() != JsonToken.END_OBJECT) {
            throw broken("must be the only member");
        }
        return rows;
    }

    private List<float[]> rows(JsonParser json) {
        List<float[]> rows = new ArrayList<>();
        for (JsonToken token = json.nextToken();
                token != JsonToken.END_ARRAY;
                token = json.nextToken()) {
            if (rows.size() == mostRows) {
                throw EngineException.tooLarge(TablePreparation.PARAM, "are more than " + mostRows);
            }
            rows.add(row(json, token, TablePreparation.PARAM + "[" + rows.size() + "]"));
        }
        if (rows.isEmpty()) {
            throw broken("must be at least one");
        }
        return rows;
    }

    private float[] row(JsonParser json, @Nullable JsonToken token, String place) {
        @Nullable Object[] values = new @Nullable Object[columns.size()];
        if (token == JsonToken.START_OBJECT) {
            members(json, values, place);
        } else if (token == JsonToken.START_ARRAY) {
            elements(json, values, place);
        } else {
            throw EngineException.invalidPart(place, "must be an object or an array");
        }
        float[] row = new float[width];
        int at = 0;
        for (int i = 0; i < values.length; i++) {
            Column column = columns.get(i);
            column.encode(values[i], place + "." + column.name(), row, at);
            at += column.width();
        }
        return row;
    }

    private void members(JsonParser json, @Nullable Object[] values, String place) {
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            Integer column = byName.get(name);
            if (column == null) {
                throw EngineException.invalidPart(
                        place, "has a column that the model does not know: " + printable(name));
            }
            values[column] = value(json, json.nextToken(), place + "." + name);
        }
    }

    private void elements(JsonParser json, @Nullable Object[] values, String place) {
        int count = 0;
        for (JsonToken token = json.nextToken();
                token != JsonToken.END_ARRAY;
                token = json.nextToken()) {
            if (count == values.length) {
                throw EngineException.invalidPart(
                        place, "has more values than the model's " + values.length + " columns");
            }
            values[count] = value(json, token, place + "[" + count + "]");
            count++;
        }
        if (count != values.length) {
            throw EngineException.invalidPart(
                    place, "has " + count + " values, the model has " + values.length + " columns");
        }
    }

    private static @Nullable Object value(
            JsonParser json, @Nullable JsonToken token, String place) {
        return switch (token) {
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(json, place);
            case VALUE_STRING -> json.getString();
            case VALUE_TRUE -> "true";
            case VALUE_FALSE -> "false";
            case VALUE_NULL -> null;
            case null, default ->
                    throw EngineException.invalidPart(place, "must be a number, text or null");
        };
    }

    private static Double number(JsonParser json, String place) {
        double number = json.getDoubleValue();
        if (!Double.isFinite(number)) {
            throw EngineException.invalidPart(place, "is too large a number");
        }
        return number;
    }

    private static String printable(String name) {
        return (name.length() > 64 ? name.substring(0, 64) + "…" : name)
                .replaceAll("\\p{Cntrl}", "?");
    }

    private static EngineException broken(String what) {
        return EngineException.invalidPart(TablePreparation.PARAM, what);
    }
}
