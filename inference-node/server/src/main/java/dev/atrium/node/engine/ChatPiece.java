package dev.atrium.node.engine;

import org.jspecify.annotations.Nullable;

/**
 * A step of a generation.
 *
 * @param finishReason {@code stop} or {@code length} in the last piece, null before
 */
public record ChatPiece(String text, @Nullable String finishReason, ChatUsage usage) {}
