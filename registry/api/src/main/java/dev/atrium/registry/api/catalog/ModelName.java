package dev.atrium.registry.api.catalog;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The full name of a model, {@code tenant/name}, as clients ask for it.
 *
 * <p>Both parts are lower-case letters, digits, dot, dash and underscore, beginning with a letter
 * or digit, at most 64 characters; words that the protocols use as path parts are reserved.
 */
public record ModelName(String tenant, String name) {
    private static final Pattern PART = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
    private static final Set<String> RESERVED =
            Set.of("versions", "infer", "ready", "generate", "generate_stream", "stats", "config");

    public ModelName {
        requirePart("tenant", tenant);
        requirePart("model name", name);
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static ModelName of(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a full model name; write tenant/name");
        }
        return new ModelName(text.substring(0, slash), text.substring(slash + 1));
    }

    public static boolean isReserved(String part) {
        return RESERVED.contains(part);
    }

    public static boolean isValidPart(String part) {
        return PART.matcher(part).matches() && !isReserved(part);
    }

    private static void requirePart(String what, String part) {
        if (!isValidPart(part)) {
            throw new IllegalArgumentException(
                    what
                            + " '"
                            + part
                            + "' must be 1-64 of a-z 0-9 . _ - beginning with a letter or digit,"
                            + " and not a reserved word");
        }
    }

    @Override
    @JsonValue
    public String toString() {
        return tenant + "/" + name;
    }
}
