package dev.atrium.registry.api.deployment;

import dev.atrium.registry.api.node.NodeId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One loaded copy of a version on one node.
 *
 * @param reason in words for the model's owner: why it FAILED, what it waits for while PENDING or
 *     UNLOADED, or READY, why calls are computed one by one; null otherwise
 * @param residentBytes measured memory of the loaded copy; 0 until known
 */
public record Replica(
        PlacementId placementId,
        NodeId nodeId,
        String nodeName,
        ReplicaState state,
        @Nullable String reason,
        long residentBytes,
        Instant since) {}
