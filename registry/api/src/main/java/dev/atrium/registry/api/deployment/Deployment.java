package dev.atrium.registry.api.deployment;

import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.catalog.ModelVersionId;
import java.time.Instant;
import java.util.List;

/**
 * A version wanted at a size.
 *
 * @param pinned whether its replicas are never unloaded to make room for other models
 */
public record Deployment(
        ModelVersionId versionId,
        ModelName model,
        int version,
        int replicas,
        boolean pinned,
        List<Replica> placements,
        Instant createdAt) {
    public Deployment {
        placements = List.copyOf(placements);
    }

    public long ready() {
        return placements.stream().filter(r -> r.state() == ReplicaState.READY).count();
    }
}
