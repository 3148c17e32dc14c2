package dev.atrium.registry.api.deployment;

import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.catalog.ModelVersionId;
import java.time.Instant;
import java.util.List;

/**
 * A version wanted at a size.
 *
 * @param pinned whether its replicas are never unloaded to make room for other models
 * @param idleSeconds after how long without a call they are unloaded until the next one; 0 for
 *     never
 */
public record Deployment(
        ModelVersionId versionId,
        ModelName model,
        int version,
        int replicas,
        boolean pinned,
        int idleSeconds,
        List<Replica> placements,
        Instant createdAt) {
    public Deployment {
        placements = List.copyOf(placements);
    }

    public long ready() {
        return count(ReplicaState.READY);
    }

    /** Replicas that the next call loads. */
    public long unloaded() {
        return count(ReplicaState.UNLOADED);
    }

    private long count(ReplicaState state) {
        return placements.stream().filter(replica -> replica.state() == state).count();
    }
}
