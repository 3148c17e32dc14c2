package dev.atrium.registry.api.node;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * @param newCredential replaces the one used, which stays valid for ten minutes; null mostly
 * @param grantKeys the current key of every node
 * @param gatewayId who the gateway is, for its grants; null from registries of former versions
 * @param gateways how many live, this one included; null from registries of former versions
 */
public record GatewayHeartbeatReply(
        Instant registryTime,
        @Nullable String newCredential,
        List<GrantKey> grantKeys,
        @Nullable UUID gatewayId,
        @Nullable Integer gateways) {
    public GatewayHeartbeatReply {
        grantKeys = List.copyOf(grantKeys);
    }
}
