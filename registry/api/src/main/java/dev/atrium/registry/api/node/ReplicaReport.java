package dev.atrium.registry.api.node;

import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.deployment.PlacementId;
import dev.atrium.registry.api.deployment.ReplicaState;
import org.jspecify.annotations.Nullable;

/**
 * What a node says of one placement.
 *
 * @param reason with FAILED: what happened and what the model's owner can do; with PENDING or
 *     UNLOADED: what it waits for; with READY: why calls are computed one by one, if they are
 * @param signature as the engine reports it, where the file format did not say; null otherwise
 */
public record ReplicaReport(
        PlacementId placementId,
        ReplicaState state,
        @Nullable String reason,
        long residentBytes,
        @Nullable Signature signature) {}
