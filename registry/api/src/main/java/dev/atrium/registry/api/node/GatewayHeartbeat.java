package dev.atrium.registry.api.node;

/**
 * {@code POST /internal/v1/gateways/heartbeat}, every few seconds.
 *
 * @param feedRevision the newest revision the gateway serves with
 * @param openCalls calls journalled OPEN and not SETTLED
 * @param unshippedRecords settled records that the registry has not acknowledged
 */
public record GatewayHeartbeat(long feedRevision, long openCalls, long unshippedRecords) {}
