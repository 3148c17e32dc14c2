package dev.atrium.registry.api.node;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /internal/v1/gateways/heartbeat}, every few seconds.
 *
 * @param feedRevision the newest revision the gateway serves with
 * @param openCalls calls journalled OPEN and not SETTLED
 * @param unshippedRecords settled records that the registry has not acknowledged
 * @param incarnation this life of the gateway's process; null from former versions
 */
public record GatewayHeartbeat(
        long feedRevision, long openCalls, long unshippedRecords, @Nullable UUID incarnation) {}
