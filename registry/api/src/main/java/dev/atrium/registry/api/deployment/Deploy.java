package dev.atrium.registry.api.deployment;

/** Asks for a size; 0 removes all replicas. */
public record Deploy(int replicas) {}
