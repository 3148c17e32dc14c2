package dev.atrium.registry.api.deployment;

import org.jspecify.annotations.Nullable;

/**
 * Changes parts of a deployment; null leaves a part as it is, also inside {@code execution} and its
 * {@code batching}. What nodes themselves decide comes back with {@link Deploy}.
 */
public record UpdateDeployment(
        @Nullable Integer replicas,
        @Nullable Boolean pinned,
        @Nullable Integer idleSeconds,
        @Nullable Execution execution) {}
