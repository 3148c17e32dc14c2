package dev.atrium.registry.api.deployment;

import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.catalog.ModelVersionId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A version wanted at a size.
 *
 * @param pinned whether its replicas are never unloaded to make room for other models
 * @param idleSeconds after how long without a call they are unloaded until the next one; 0 for
 *     never
 * @param execution how nodes compute it; null from registries of former versions
 */
public record Deployment(
        ModelVersionId versionId,
        ModelName model,
        int version,
        int replicas,
        boolean pinned,
        int idleSeconds,
        @Nullable Execution execution,
        List<Replica> placements,
        Instant createdAt) {
    public Deployment {
        placements = List.copyOf(placements);
    }

    /** Not a property: its name must not look like one. */
    public Execution computedBy() {
        return Execution.of(execution);
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
