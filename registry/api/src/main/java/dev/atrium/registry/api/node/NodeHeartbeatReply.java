package dev.atrium.registry.api.node;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * @param grantKeys keys this node accepts, newest first
 * @param placements everything the node should hold; what is missing here is to be drained and
 *     unloaded
 */
public record NodeHeartbeatReply(
        Instant registryTime,
        @Nullable String newCredential,
        List<GrantKey> grantKeys,
        List<PlacementOrder> placements) {
    public NodeHeartbeatReply {
        grantKeys = List.copyOf(grantKeys);
        placements = List.copyOf(placements);
    }
}
