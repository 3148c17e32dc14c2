package dev.atrium.registry.api.feed;

import dev.atrium.registry.api.catalog.ModelVersionId;
import dev.atrium.registry.api.deployment.PlacementId;
import dev.atrium.registry.api.node.NodeId;
import org.jspecify.annotations.Nullable;

/**
 * A copy that takes calls, and where it answers.
 *
 * @param unloaded whether its node has to load it first, so that only calls go there that no READY
 *     copy takes; null, from registries of former versions, is false
 */
public record FeedReplica(
        PlacementId placementId,
        ModelVersionId versionId,
        NodeId nodeId,
        String nodeUrl,
        @Nullable Boolean unloaded) {
    /** A READY copy. */
    public FeedReplica(
            PlacementId placementId, ModelVersionId versionId, NodeId nodeId, String nodeUrl) {
        this(placementId, versionId, nodeId, nodeUrl, false);
    }

    /** Not a property: its name must not look like one. */
    public boolean loadsFirst() {
        return unloaded != null && unloaded;
    }
}
