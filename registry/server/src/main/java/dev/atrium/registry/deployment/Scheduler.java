package dev.atrium.registry.deployment;

import dev.atrium.registry.api.node.NodeId;
import dev.atrium.registry.leader.Leadership;
import dev.atrium.registry.node.NodeService;
import java.util.List;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Compares what is wanted with what is there and mends the difference, a few times a second, on the
 * leading registry. Each deployment is mended in a transaction of its own that holds the
 * deployment's row and looks again, so a second leader would find nothing left to do.
 */
@Component
class Scheduler {
    private static final int BATCH = 200;
    private static final UUID BEFORE_ALL = new UUID(0, 0);

    private final Leadership leadership;
    private final JdbcClient platform;
    private final TransactionTemplate transactions;
    private final NodeService nodes;
    private final ReplicaFeed replicaFeed;
    private final Placing placing;

    /** Where the last look ended. */
    private UUID reached = BEFORE_ALL;

    Scheduler(
            Leadership leadership,
            @Qualifier("platformJdbc") JdbcClient platform,
            @Qualifier("platformTransactions") TransactionTemplate transactions,
            NodeService nodes,
            ReplicaFeed replicaFeed,
            Placing placing) {
        this.leadership = leadership;
        this.platform = platform;
        this.transactions = transactions;
        this.nodes = nodes;
        this.replicaFeed = replicaFeed;
        this.placing = placing;
    }

    @Scheduled(fixedDelayString = "PT0.3S")
    void run() {
        if (!leadership.isLeader()) {
            return;
        }
        transactions.executeWithoutResult(status -> nodes.buryTheSilent().forEach(this::lose));
        for (UUID version : unsettled()) {
            transactions.executeWithoutResult(status -> placing.settle(version));
        }
    }

    /** Replicas of a dead node take no calls; where they go is decided with their deployments. */
    private void lose(NodeId node) {
        replicaFeed.lost(node);
        platform.sql(
                        """
                        UPDATE placement SET state = 'PENDING', since = now()
                        WHERE node_id = ? AND state <> 'FAILED'
                        """)
                .param(node.value())
                .update();
    }

    /**
     * The next ones, beginning anew after the last: deployments that nobody can settle, because
     * they failed everywhere or want more nodes than there are, must not hide the others.
     */
    private List<UUID> unsettled() {
        List<UUID> found = unsettledAfter(reached);
        reached = found.size() < BATCH ? BEFORE_ALL : found.getLast();
        return found;
    }

    private List<UUID> unsettledAfter(UUID after) {
        return platform.sql(
                        """
                        SELECT d.version_id
                        FROM deployment d
                             LEFT JOIN placement p ON p.version_id = d.version_id
                             LEFT JOIN node n ON n.id = p.node_id
                             CROSS JOIN LATERAL (SELECT n.alive
                                 AND coalesce(d.execution ->> 'device', 'CPU') = ANY (n.devices)
                                 AS fits) f
                        WHERE d.version_id > ?
                        GROUP BY d.version_id, d.replicas
                        HAVING count(*) FILTER (WHERE f.fits AND p.state <> 'FAILED') <> d.replicas
                            OR (count(*) FILTER (WHERE f.fits AND p.state <> 'FAILED') >= d.replicas
                                AND count(*) FILTER (WHERE NOT f.fits) > 0)
                        ORDER BY d.version_id LIMIT ?
                        """)
                .param(after)
                .param(BATCH)
                .query((row, number) -> row.getObject("version_id", UUID.class))
                .list();
    }
}
