package dev.atrium.registry.deployment;

import dev.atrium.registry.api.catalog.ModelVersionId;
import dev.atrium.registry.api.deployment.PlacementId;
import dev.atrium.registry.api.feed.FeedKind;
import dev.atrium.registry.api.feed.FeedReplica;
import dev.atrium.registry.api.node.NodeId;
import dev.atrium.registry.feed.FeedPublisher;
import java.util.List;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Tells gateways which replicas take calls, in the transaction that changes the placement. */
@Component
class ReplicaFeed {
    private final JdbcClient platform;
    private final FeedPublisher feed;

    ReplicaFeed(@Qualifier("platformJdbc") JdbcClient platform, FeedPublisher feed) {
        this.platform = platform;
        this.feed = feed;
    }

    /** READY, or UNLOADED, which is told with it. */
    void takesCalls(PlacementId placement) {
        platform.sql(
                        """
                        SELECT p.version_id, p.node_id, n.url, p.state = 'UNLOADED' AS unloaded
                        FROM placement p JOIN node n ON n.id = p.node_id WHERE p.id = ?
                        """)
                .param(placement.value())
                .query((row, number) ->
                        new FeedReplica(
                                placement,
                                new ModelVersionId(row.getObject("version_id", UUID.class)),
                                new NodeId(row.getObject("node_id", UUID.class)),
                                row.getString("url"),
                                row.getBoolean("unloaded")))
                .optional()
                .ifPresent(
                        replica -> feed.publish(FeedKind.REPLICA, placement.toString(), replica));
    }

    void gone(PlacementId placement) {
        feed.remove(FeedKind.REPLICA, placement.toString());
    }

    /** The node answers at another address. */
    void moved(NodeId node) {
        in(node, "READY", "UNLOADED").forEach(this::takesCalls);
    }

    /** The node is dead: its replicas take no calls until it says so again. */
    void lost(NodeId node) {
        // What a call has loaded is in the feed while it is on its way.
        in(node, "READY", "UNLOADED", "FETCHING", "LOADING", "WARMING_UP").forEach(this::gone);
    }

    private List<PlacementId> in(NodeId node, String... states) {
        return platform.sql("SELECT id FROM placement WHERE node_id = ? AND state = ANY (?)")
                .params(node.value(), states)
                .query((row, number) -> new PlacementId(row.getObject("id", UUID.class)))
                .list();
    }
}
