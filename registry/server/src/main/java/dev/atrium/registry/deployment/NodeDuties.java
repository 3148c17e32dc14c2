package dev.atrium.registry.deployment;

import dev.atrium.registry.api.node.NodeHeartbeat;
import dev.atrium.registry.api.node.NodeHeartbeatReply;
import dev.atrium.registry.api.node.NodeId;
import dev.atrium.registry.machine.Machine;
import dev.atrium.registry.machine.MachineCredentials;
import dev.atrium.registry.node.GrantKeys;
import dev.atrium.registry.node.NodeService;
import java.time.Clock;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** A node's heartbeat: what it says of its replicas, and what it is told to hold. */
@Component
class NodeDuties {
    private final NodeService nodes;
    private final NodeReports reports;
    private final RefusedFiles refused;
    private final ReplicaFeed replicaFeed;
    private final Orders orders;
    private final GrantKeys keys;
    private final MachineCredentials credentials;
    private final Clock clock;

    NodeDuties(
            NodeService nodes,
            NodeReports reports,
            RefusedFiles refused,
            ReplicaFeed replicaFeed,
            Orders orders,
            GrantKeys keys,
            MachineCredentials credentials,
            Clock clock) {
        this.nodes = nodes;
        this.reports = reports;
        this.refused = refused;
        this.replicaFeed = replicaFeed;
        this.orders = orders;
        this.keys = keys;
        this.credentials = credentials;
        this.clock = clock;
    }

    @Transactional("platformTransactionManager")
    public NodeHeartbeatReply beat(Machine machine, NodeHeartbeat heartbeat) {
        NodeId node = new NodeId(machine.id());
        boolean moved = nodes.beat(node, heartbeat);
        reports.take(node, heartbeat.replicas());
        refused.take(machine, heartbeat.refusedFiles());
        if (moved) {
            replicaFeed.moved(node);
        }
        return new NodeHeartbeatReply(
                clock.instant(),
                credentials.rotate(machine).orElse(null),
                keys.accepted(node),
                orders.of(node));
    }
}
