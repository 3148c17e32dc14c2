package dev.atrium.registry.api.node;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /internal/v1/nodes/heartbeat}: every second, and at once when a replica changes
 * state.
 *
 * @param usageShippedThrough every usage record of calls that began before this has been shipped;
 *     lets the registry void orphaned calls
 * @param refusedFiles that were not loaded since the last heartbeat that was answered; null from
 *     nodes of former versions
 */
public record NodeHeartbeat(
        String url,
        NodeCapacity capacity,
        long usedMemoryBytes,
        int inFlight,
        List<ReplicaReport> replicas,
        Instant usageShippedThrough,
        @Nullable List<RefusedFile> refusedFiles) {
    public NodeHeartbeat {
        replicas = List.copyOf(replicas);
        refusedFiles = refusedFiles == null ? null : List.copyOf(refusedFiles);
    }
}
