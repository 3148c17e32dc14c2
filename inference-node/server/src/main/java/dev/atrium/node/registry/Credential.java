package dev.atrium.node.registry;

import dev.atrium.registry.api.node.NodeId;

/** Who this node is and how it proves it. */
record Credential(NodeId nodeId, String secret) {
    @Override
    public String toString() {
        return "Credential[" + nodeId + "]";
    }
}
