package dev.atrium.registry.api.feed;

import dev.atrium.registry.api.catalog.ModelVersionId;
import dev.atrium.registry.api.deployment.PlacementId;
import dev.atrium.registry.api.node.NodeId;

/** A READY copy and where it answers. */
public record FeedReplica(
        PlacementId placementId, ModelVersionId versionId, NodeId nodeId, String nodeUrl) {}
