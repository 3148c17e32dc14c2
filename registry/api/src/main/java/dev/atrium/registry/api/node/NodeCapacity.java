package dev.atrium.registry.api.node;

import org.jspecify.annotations.Nullable;

/**
 * What a node has.
 *
 * @param memoryBytes memory it may give to models
 * @param sandbox which walls stand around tenant workers, in words
 * @param wall the same as a level; null from nodes of former versions
 */
public record NodeCapacity(int cpus, long memoryBytes, String sandbox, @Nullable WallLevel wall) {}
