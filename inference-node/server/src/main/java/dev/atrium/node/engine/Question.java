package dev.atrium.node.engine;

import org.jspecify.annotations.Nullable;

/**
 * What one of several callers asks of a model's task.
 *
 * @param top labels to answer; null for the version's own number
 */
public record Question(NaturalInput input, @Nullable Integer top) {}
