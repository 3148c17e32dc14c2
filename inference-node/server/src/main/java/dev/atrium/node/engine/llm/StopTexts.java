package dev.atrium.node.engine.llm;

import java.util.List;

/**
 * Finds the first of some texts in a stream, holding back what may be the beginning of one.
 *
 * <p>{@link #add} returns what may be shown; once {@link #isFound}, nothing more may.
 */
final class StopTexts {
    private final List<String> stops;
    private final StringBuilder held = new StringBuilder();
    private boolean found;

    StopTexts(List<String> stops) {
        this.stops = stops;
    }

    String add(String text) {
        held.append(text);
        int first = -1;
        for (String stop : stops) {
            int at = held.indexOf(stop);
            if (at >= 0 && (first < 0 || at < first)) {
                first = at;
            }
        }
        if (first >= 0) {
            found = true;
            return take(first);
        }
        return take(held.length() - possibleBeginning());
    }

    boolean isFound() {
        return found;
    }

    /** What was held back and turned out to be no stop text. */
    String rest() {
        return found ? "" : take(held.length());
    }

    private String take(int length) {
        String shown = held.substring(0, length);
        held.delete(0, length);
        return shown;
    }

    /** Length of the longest end of the text that is the beginning of a stop text. */
    private int possibleBeginning() {
        int longest = 0;
        for (String stop : stops) {
            for (int length = Math.min(stop.length() - 1, held.length());
                    length > longest;
                    length--) {
                if (stop.startsWith(held.substring(held.length() - length))) {
                    longest = length;
                }
            }
        }
        return longest;
    }
}
