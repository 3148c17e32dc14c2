package dev.atrium.registry.api.catalog;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Set;

/**
 * The full name of a model, {@code tenant/name}, as clients ask for it.
 *
 * <p>Both parts are lower-case letters, digits, dot, dash and underscore, beginning with a letter
 * or digit, at most 64 characters; words that the protocols use as path parts are reserved.
 */
public record ModelName(String tenant, String name) {
    private static final int LONGEST_PART = 64;
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
        if (part.isEmpty() || part.length() > LONGEST_PART || !isLetterOrDigit(part.charAt(0))) {
            return false;
        }
        // No regular expression: every call asks.
        for (int i = 1; i < part.length(); i++) {
            char each = part.charAt(i);
            if (!isLetterOrDigit(each) && each != '.' && each != '_' && each != '-') {
                return false;
            }
        }
        return !isReserved(part);
    }

    private static boolean isLetterOrDigit(char each) {
        return each >= 'a' && each <= 'z' || each >= '0' && each <= '9';
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
