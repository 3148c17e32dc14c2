package dev.atrium.registry.api.node;

import java.time.Instant;
import java.util.List;

/**
 * {@code POST /internal/v1/nodes/heartbeat}: every second, and at once when a replica changes
 * state.
 *
 * @param usageShippedThrough every usage record of calls that began before this has been shipped;
 *     lets the registry void orphaned calls
 */
public record NodeHeartbeat(
        String url,
        NodeCapacity capacity,
        long usedMemoryBytes,
        int inFlight,
        List<ReplicaReport> replicas,
        Instant usageShippedThrough) {
    public NodeHeartbeat {
        replicas = List.copyOf(replicas);
    }
}
