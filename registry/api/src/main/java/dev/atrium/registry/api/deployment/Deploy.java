package dev.atrium.registry.api.deployment;

import org.jspecify.annotations.Nullable;

/**
 * Asks for a size; 0 removes all replicas.
 *
 * @param pinned whether replicas are never unloaded to make room for other models; null leaves it
 *     as it is, which is true at first
 * @param idleSeconds after how long without a call a replica is unloaded, to be loaded again by the
 *     next one, 60 to 604,800; 0 loads at once and keeps loaded; null leaves it as it is, which is
 *     0 at first
 * @param execution how nodes compute it, as a whole; null leaves it as it is
 */
public record Deploy(
        int replicas,
        @Nullable Boolean pinned,
        @Nullable Integer idleSeconds,
        @Nullable Execution execution) {
    public static final int SHORTEST_IDLE = 60;
    public static final int LONGEST_IDLE = 7 * 24 * 60 * 60;

    public Deploy(int replicas, @Nullable Boolean pinned, @Nullable Integer idleSeconds) {
        this(replicas, pinned, idleSeconds, null);
    }

    /** Leaves everything but the size and how it is computed as it is. */
    public static Deploy computed(int replicas, Execution execution) {
        return new Deploy(replicas, null, null, execution);
    }

    /** Leaves everything but the size as it is. */
    public static Deploy replicas(int replicas) {
        return new Deploy(replicas, null, null);
    }
}
