package dev.atrium.registry.node;

import dev.atrium.registry.api.node.NodeCapacity;
import dev.atrium.registry.api.node.NodeHeartbeat;
import dev.atrium.registry.api.node.NodeId;
import dev.atrium.registry.error.InvalidRequestException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/** Which nodes there are and which of them live. Its methods join the caller's transaction. */
@Service
public class NodeService {
    private final JdbcClient platform;
    private final NodeProperties properties;
    private final Clock clock;

    NodeService(
            @Qualifier("platformJdbc") JdbcClient platform,
            NodeProperties properties,
            Clock clock) {
        this.platform = platform;
        this.properties = properties;
        this.clock = clock;
    }

    /**
     * A node as the scheduler sees it.
     *
     * @param freeBytes what its models leave of the memory that it may give them
     * @param devices on which it can compute
     */
    public record LivingNode(NodeId id, long freeBytes, Set<String> devices) {}

    /**
     * Notes a heartbeat and holds the node's row until the commit: what becomes of its replicas is
     * decided by one transaction at a time.
     *
     * @return whether the node answers at another address than before
     */
    public boolean beat(NodeId node, NodeHeartbeat heartbeat) {
        NodeCapacity capacity = Joining.checked(heartbeat.capacity());
        String url = Joining.checkedUrl(heartbeat.url());
        if (heartbeat.usedMemoryBytes() < 0 || heartbeat.inFlight() < 0) {
            throw new InvalidRequestException("'usedMemoryBytes' and 'inFlight' are counts");
        }
        String before =
                platform.sql("SELECT url FROM node WHERE id = ? FOR NO KEY UPDATE")
                        .param(node.value())
                        .query((row, number) -> row.getString("url"))
                        .single();
        // What was shipped stays shipped, whatever a restarted node believes.
        platform.sql(
                        """
                        UPDATE node SET url = ?, cpus = ?, memory_bytes = ?, sandbox = ?, wall = nullif(?, ''),
                            devices = string_to_array(?, ','),
                            used_memory_bytes = ?, in_flight = ?, alive = true, last_seen_at = ?,
                            usage_shipped_through = greatest(usage_shipped_through, ?)
                        WHERE id = ?
                        """)
                .params(
                        url,
                        capacity.cpus(),
                        capacity.memoryBytes(),
                        capacity.sandbox(),
                        Joining.name(capacity.wall()),
                        NodeDevices.write(capacity),
                        heartbeat.usedMemoryBytes(),
                        heartbeat.inFlight(),
                        atUtc(clock.instant()),
                        atUtc(heartbeat.usageShippedThrough()),
                        node.value())
                .update();
        return !before.equals(url);
    }

    /** Marks nodes dead that have been silent for too long, and holds their rows. */
    public List<NodeId> buryTheSilent() {
        return platform.sql(
                        """
                        UPDATE node SET alive = false
                        WHERE id IN (SELECT id FROM node WHERE alive AND last_seen_at < ?
                                     ORDER BY id FOR UPDATE)
                        RETURNING id
                        """)
                .param(atUtc(clock.instant().minus(properties.nodeSilence())))
                .query((row, number) -> new NodeId(row.getObject("id", UUID.class)))
                .list();
    }

    public List<LivingNode> living() {
        return platform.sql(
                        """
                        SELECT id, memory_bytes - used_memory_bytes AS free, devices FROM node
                        WHERE alive ORDER BY id
                        """)
                .query((row, number) ->
                        new LivingNode(
                                new NodeId(row.getObject("id", UUID.class)),
                                row.getLong("free"),
                                Set.copyOf(NodeDevices.read(row))))
                .list();
    }

    /** On which living nodes can compute. */
    public List<String> devices() {
        return living().stream()
                .flatMap(node -> node.devices().stream())
                .distinct()
                .sorted()
                .toList();
    }

    static OffsetDateTime atUtc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
