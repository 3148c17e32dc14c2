package dev.atrium.node.api;

import org.jspecify.annotations.Nullable;

/**
 * One event of a generation.
 *
 * @param text new text; empty in the last event
 * @param finishReason {@code stop} or {@code length} in the last event, null before
 * @param usage so far; every event carries it, so that a cut stream can be billed
 * @param error set, with no finish reason, when the generation failed midway
 */
public record ChatDelta(
        String text, @Nullable String finishReason, NodeUsage usage, @Nullable NodeError error) {}
