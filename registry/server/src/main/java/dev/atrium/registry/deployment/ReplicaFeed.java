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

    void ready(PlacementId placement) {
        platform.sql(
                        """
                        SELECT p.version_id, p.node_id, n.url
                        FROM placement p JOIN node n ON n.id = p.node_id WHERE p.id = ?
                        """)
                .param(placement.value())
                .query((row, number) ->
                        new FeedReplica(
                                placement,
                                new ModelVersionId(row.getObject("version_id", UUID.class)),
                                new NodeId(row.getObject("node_id", UUID.class)),
                                row.getString("url")))
                .optional()
                .ifPresent(
                        replica -> feed.publish(FeedKind.REPLICA, placement.toString(), replica));
    }

    void gone(PlacementId placement) {
        feed.remove(FeedKind.REPLICA, placement.toString());
    }

    /** The node answers at another address. */
    void moved(NodeId node) {
        ready(node).forEach(this::ready);
    }

    /** The node is dead: its replicas take no calls until it says so again. */
    void lost(NodeId node) {
        ready(node).forEach(this::gone);
    }

    private List<PlacementId> ready(NodeId node) {
        return platform.sql("SELECT id FROM placement WHERE node_id = ? AND state = 'READY'")
                .param(node.value())
                .query((row, number) -> new PlacementId(row.getObject("id", UUID.class)))
                .list();
    }
}
