package dev.atrium.registry.api.node;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * @param newCredential replaces the one used, which stays valid for ten minutes; null mostly
 * @param grantKeys the current key of every node
 */
public record GatewayHeartbeatReply(
        Instant registryTime, @Nullable String newCredential, List<GrantKey> grantKeys) {
    public GatewayHeartbeatReply {
        grantKeys = List.copyOf(grantKeys);
    }
}
