package dev.atrium.registry.api.node;

import java.time.Instant;

/** A gateway as admins see it. */
public record Gateway(
        GatewayId id,
        String name,
        boolean alive,
        long feedRevision,
        long unshippedRecords,
        Instant joinedAt,
        Instant lastSeenAt) {}
