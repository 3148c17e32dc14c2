package dev.atrium.registry.api.usage;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The sum of one hour of one group.
 *
 * @param hour beginning of the hour, UTC
 * @param group model name, principal id or operation; null without grouping
 * @param failedCalls calls whose outcome is not OK
 */
public record UsageBucket(
        Instant hour,
        @Nullable String group,
        long calls,
        long failedCalls,
        long inputTokens,
        long outputTokens,
        long computeMicros) {}
