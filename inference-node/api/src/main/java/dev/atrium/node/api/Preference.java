package dev.atrium.node.api;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a caller prefers, as RFC 7240 writes it; what cannot be read is no preference. */
public final class Preference {
    private static final String WAIT = "wait";
    private static final int MOST_DIGITS = 9;

    private Preference() {}

    /**
     * How long a call may wait for its model.
     *
     * @param headers every {@code Prefer} header
     * @return the first {@code wait}, at most {@link NodeProtocol#LONGEST_WAIT}; zero without one
     */
    public static Duration wait(List<String> headers) {
        for (String header : headers) {
            for (String preference : header.split(",")) {
                Long seconds = seconds(preference.split(";", 2)[0]);
                if (seconds != null) {
                    return Duration.ofSeconds(
                            Math.min(seconds, NodeProtocol.LONGEST_WAIT.toSeconds()));
                }
            }
        }
        return Duration.ZERO;
    }

    /** As {@link #wait(List)} reads it. */
    public static String waiting(Duration longest) {
        return WAIT + "=" + longest.toSeconds();
    }

    private static @Nullable Long seconds(String preference) {
        int equals = preference.indexOf('=');
        if (equals < 0 || !name(preference, equals).equals(WAIT)) {
            return null;
        }
        String value = preference.substring(equals + 1).strip();
        boolean isQuoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
        String digits = isQuoted ? value.substring(1, value.length() - 1) : value;
        boolean isNumber =
                !digits.isEmpty()
                        && digits.length() <= MOST_DIGITS
                        && digits.chars().allMatch(each -> each >= '0' && each <= '9');
        return isNumber ? Long.valueOf(digits) : null;
    }

    private static String name(String preference, int equals) {
        return preference.substring(0, equals).strip().toLowerCase(Locale.ROOT);
    }
}
