package dev.atrium.registry.usage.report;

import dev.atrium.registry.api.usage.CachedInput;
import dev.atrium.registry.api.usage.CarbonSum;
import dev.atrium.registry.api.usage.EnergySum;
import dev.atrium.registry.api.usage.Media;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sums of one group in one currency.
 *
 * @param key values of the report's parts
 * @param currency empty for calls without a price
 * @param freeMicros what would have come on top of the cost without free units
 */
record Line(
        List<String> key,
        String currency,
        long calls,
        long failedCalls,
        long inputTokens,
        long outputTokens,
        long computeMicros,
        long costMicros,
        long freeMicros,
        @Nullable EnergySum energy,
        @Nullable CachedInput cachedInput,
        Media media) {
    /** Where to go on after it. */
    List<String> position() {
        List<String> position = new ArrayList<>(key);
        position.add(currency);
        return position;
    }

    @Nullable CarbonSum carbon() {
        return energy == null ? null : energy.carbon();
    }

    /** Calls whose energy is known. */
    long energyCalls() {
        return energy == null ? 0 : energy.calls();
    }

    /** Calls whose carbon is known. */
    long carbonCalls() {
        CarbonSum carbon = carbon();
        return carbon == null ? 0 : carbon.calls();
    }

    /** Calls of which it is known what came from a cache. */
    long cachedCalls() {
        return cachedInput == null ? 0 : cachedInput.calls();
    }
}
