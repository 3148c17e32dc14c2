package dev.atrium.registry.api.usage;

import dev.atrium.registry.api.pricing.Cost;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sum of one hour of one group.
 *
 * @param hour beginning of the hour, UTC
 * @param group model name, principal id, operation or label; null without grouping and for calls
 *     without a label
 * @param failedCalls calls whose outcome is not OK
 * @param costs of the calls that have a price, one per currency
 * @param energy of the calls that have a figure of it; null where none has
 * @param media pictures and sound of the calls; null where there were none
 */
public record UsageBucket(
        Instant hour,
        @Nullable String group,
        long calls,
        long failedCalls,
        long inputTokens,
        long outputTokens,
        long computeMicros,
        List<Cost> costs,
        @Nullable EnergySum energy,
        @Nullable Media media) {
    public UsageBucket {
        costs = List.copyOf(costs);
    }
}
