package dev.atrium.registry.api.deployment;

import org.jspecify.annotations.Nullable;

/**
 * Asks for a size; 0 removes all replicas.
 *
 * @param pinned whether replicas are never unloaded to make room for other models; null leaves it
 *     as it is, which is true at first
 */
public record Deploy(int replicas, @Nullable Boolean pinned) {
    /** Leaves everything but the size as it is. */
    public static Deploy replicas(int replicas) {
        return new Deploy(replicas, null);
    }
}
