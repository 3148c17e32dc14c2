package dev.atrium.registry.usage.report;

import java.util.ArrayList;
import java.util.List;

/**
 * The sums of one group in one currency.
 *
 * @param key values of the report's parts
 * @param currency empty for calls without a price
 */
record Line(
        List<String> key,
        String currency,
        long calls,
        long failedCalls,
        long inputTokens,
        long outputTokens,
        long computeMicros,
        long costMicros) {
    /** Where to go on after it. */
    List<String> position() {
        List<String> position = new ArrayList<>(key);
        position.add(currency);
        return position;
    }
}
