package dev.atrium.registry.api.node;

/**
 * What a node has.
 *
 * @param memoryBytes memory it may give to models
 * @param sandbox which walls stand around tenant workers, in words
 */
public record NodeCapacity(int cpus, long memoryBytes, String sandbox) {}
