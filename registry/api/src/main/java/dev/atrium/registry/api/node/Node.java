package dev.atrium.registry.api.node;

import java.time.Instant;

/** An inference node as admins see it. */
public record Node(
        NodeId id,
        String name,
        String url,
        boolean alive,
        NodeCapacity capacity,
        long usedMemoryBytes,
        int inFlight,
        int readyReplicas,
        int failedReplicas,
        Instant joinedAt,
        Instant lastSeenAt) {}
