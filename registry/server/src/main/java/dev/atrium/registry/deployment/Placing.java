package dev.atrium.registry.deployment;

import dev.atrium.registry.api.deployment.PlacementId;
import dev.atrium.registry.api.deployment.ReplicaState;
import dev.atrium.registry.api.node.NodeId;
import dev.atrium.registry.node.NodeService;
import dev.atrium.registry.node.NodeService.LivingNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Brings the placements of one deployment to its size: missing ones go to the living node with the
 * most free memory that has the device and no copy of the version, surplus ones go away, those of
 * nodes that are dead or lack the device go away once they are replaced.
 *
 * <p>A version that FAILED on a node is not tried there again. Another node is tried after a pause
 * that doubles, up to a number of failures; deploying again begins anew.
 */
@Component
class Placing {
    private record Placed(
            PlacementId id, NodeId node, ReplicaState state, boolean nodeFits, Instant since) {
        boolean counts() {
            return nodeFits && state != ReplicaState.FAILED;
        }
    }

    private record Wanted(UUID version, UUID tenant, int replicas, String device) {}

    private final JdbcClient platform;
    private final NodeService nodes;
    private final ReplicaFeed replicaFeed;
    private final SchedulerProperties properties;
    private final Clock clock;

    Placing(
            @Qualifier("platformJdbc") JdbcClient platform,
            NodeService nodes,
            ReplicaFeed replicaFeed,
            SchedulerProperties properties,
            Clock clock) {
        this.platform = platform;
        this.nodes = nodes;
        this.replicaFeed = replicaFeed;
        this.properties = properties;
        this.clock = clock;
    }

    void settle(UUID version) {
        wanted(version).ifPresent(this::settle);
    }

    private void settle(Wanted wanted) {
        List<Placed> placed = placed(wanted.version());
        long counting = placed.stream().filter(Placed::counts).count();
        while (counting < wanted.replicas() && mayTry(placed)) {
            Optional<NodeId> node = choose(placed(wanted.version()), wanted.device());
            if (node.isEmpty()) {
                break;
            }
            place(wanted, node.get());
            counting++;
        }
        if (counting >= wanted.replicas()) {
            placed.stream().filter(p -> !p.nodeFits()).forEach(this::remove);
        }
        placed.stream()
                .filter(Placed::counts)
                .sorted(
                        Comparator.comparing((Placed p) -> p.state() == ReplicaState.READY)
                                .thenComparing(Placed::since, Comparator.reverseOrder()))
                .limit(Math.max(0, counting - wanted.replicas()))
                .forEach(this::remove);
    }

    private Optional<Wanted> wanted(UUID version) {
        return platform.sql(
                        """
                        SELECT version_id, tenant_id, replicas,
                               coalesce(execution ->> 'device', 'CPU') AS device FROM deployment
                        WHERE version_id = ? FOR UPDATE
                        """)
                .param(version)
                .query((row, number) ->
                        new Wanted(
                                row.getObject("version_id", UUID.class),
                                row.getObject("tenant_id", UUID.class),
                                row.getInt("replicas"),
                                row.getString("device")))
                .optional();
    }

    private List<Placed> placed(UUID version) {
        return platform.sql(
                        """
                        SELECT p.id, p.node_id, p.state, p.since,
                               n.alive AND coalesce(d.execution ->> 'device', 'CPU') = ANY (n.devices)
                                   AS fits
                        FROM placement p JOIN node n ON n.id = p.node_id
                             JOIN deployment d ON d.version_id = p.version_id
                        WHERE p.version_id = ?
                        """)
                .param(version)
                .query((row, number) ->
                        new Placed(
                                new PlacementId(row.getObject("id", UUID.class)),
                                new NodeId(row.getObject("node_id", UUID.class)),
                                ReplicaState.valueOf(row.getString("state")),
                                row.getBoolean("fits"),
                                row.getObject("since", OffsetDateTime.class).toInstant()))
                .list();
    }

    private boolean mayTry(List<Placed> placed) {
        List<Instant> failures =
                placed.stream()
                        .filter(p -> p.state() == ReplicaState.FAILED)
                        .map(Placed::since)
                        .sorted()
                        .toList();
        if (failures.isEmpty()) {
            return true;
        }
        if (failures.size() >= properties.maxFailures()) {
            return false;
        }
        Duration pause = properties.retryAfter().multipliedBy(1L << (failures.size() - 1));
        return failures.getLast().plus(pause).isBefore(clock.instant());
    }

    private Optional<NodeId> choose(List<Placed> placed, String device) {
        Set<NodeId> taken = placed.stream().map(Placed::node).collect(Collectors.toSet());
        Map<NodeId, Long> promised = promisedBytes();
        return nodes.living().stream()
                .filter(node -> node.devices().contains(device) && !taken.contains(node.id()))
                .max(
                        Comparator.comparingLong((LivingNode node) ->
                                node.freeBytes() - promised.getOrDefault(node.id(), 0L)))
                .map(LivingNode::id);
    }

    /** Files of versions that nodes were given and do not count as used memory yet. */
    private Map<NodeId, Long> promisedBytes() {
        Map<NodeId, Long> promised = new HashMap<>();
        platform.sql(
                        """
                        SELECT p.node_id, sum(f.bytes) AS bytes
                        FROM placement p JOIN model_file f ON f.version_id = p.version_id
                        WHERE p.state IN ('PENDING', 'FETCHING', 'LOADING', 'WARMING_UP')
                        GROUP BY p.node_id
                        """)
                .query(row -> {
                    promised.put(
                            new NodeId(row.getObject("node_id", UUID.class)), row.getLong("bytes"));
                });
        return promised;
    }

    private void place(Wanted wanted, NodeId node) {
        platform.sql(
                        """
                        INSERT INTO placement (tenant_id, version_id, node_id) VALUES (?, ?, ?)
                        """)
                .params(wanted.tenant(), wanted.version(), node.value())
                .update();
    }

    private void remove(Placed placement) {
        platform.sql("DELETE FROM placement WHERE id = ?").param(placement.id().value()).update();
        replicaFeed.gone(placement.id());
    }
}
