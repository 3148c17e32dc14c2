package dev.atrium.node.engine;

import org.jspecify.annotations.Nullable;

/**
 * Tokens of a generation so far, as we counted them.
 *
 * @param cachedInputTokens those of the input that need not be computed because they were before;
 *     null where the engine does not say
 */
public record ChatUsage(long inputTokens, long outputTokens, @Nullable Long cachedInputTokens) {}
