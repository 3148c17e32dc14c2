package dev.atrium.registry.api.json;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.io.JsonStringEncoder;

/**
 * A JSON object put together member by member, as Jackson would write and does read it. A member
 * whose value is null is left out. Names must not need escaping; used by one thread.
 */
public final class JsonText {
    private static final int USUAL_LENGTH = 1_024;

    private final StringBuilder text = new StringBuilder(USUAL_LENGTH).append('{');

    public JsonText put(String name, @Nullable String value) {
        if (value != null) {
            quote(value, name(name));
        }
        return this;
    }

    /** A text as a JSON string with its quotes. */
    public static StringBuilder quote(String value, StringBuilder to) {
        to.append('"');
        if (isPlain(value)) {
            to.append(value);
        } else {
            JsonStringEncoder.getInstance().quoteAsString(value, to);
        }
        return to.append('"');
    }

    public JsonText put(String name, long value) {
        name(name).append(value);
        return this;
    }

    public JsonText put(String name, @Nullable Long value) {
        return value == null ? this : put(name, value.longValue());
    }

    public JsonText put(String name, boolean value) {
        name(name).append(value);
        return this;
    }

    public JsonText put(String name, @Nullable UUID value) {
        return value == null ? this : plain(name, value.toString());
    }

    public JsonText put(String name, @Nullable Enum<?> value) {
        return value == null ? this : plain(name, value.name());
    }

    /** ISO 8601 in UTC, to the nanosecond. */
    public JsonText put(String name, @Nullable Instant value) {
        if (value != null) {
            name(name).append('"');
            InstantText.append(value, text);
            text.append('"');
        }
        return this;
    }

    /**
     * @param members puts what a value consists of
     */
    public <T> JsonText put(String name, @Nullable T value, BiConsumer<JsonText, T> members) {
        if (value != null) {
            name(name);
            object(value, members);
        }
        return this;
    }

    /**
     * @param members puts what one of the values consists of
     */
    public <T> JsonText putAll(String name, List<T> values, BiConsumer<JsonText, T> members) {
        name(name).append('[');
        for (int i = 0; i < values.size(); i++) {
            if (i > 0) {
                text.append(',');
            }
            object(values.get(i), members);
        }
        text.append(']');
        return this;
    }

    /** The whole document in UTF-8; nothing may be put any more. */
    public byte[] bytes() {
        return text.append('}').toString().getBytes(StandardCharsets.UTF_8);
    }

    private <T> void object(T value, BiConsumer<JsonText, T> members) {
        text.append('{');
        members.accept(this, value);
        text.append('}');
    }

    private JsonText plain(String name, String value) {
        name(name).append('"').append(value).append('"');
        return this;
    }

    private StringBuilder name(String name) {
        if (text.charAt(text.length() - 1) != '{') {
            text.append(',');
        }
        return text.append('"').append(name).append("\":");
    }

    private static boolean isPlain(String value) {
        for (int i = 0; i < value.length(); i++) {
            char each = value.charAt(i);
            if (each < ' ' || each == '"' || each == '\\') {
                return false;
            }
        }
        return true;
    }
}
