package dev.atrium.registry.node;

import dev.atrium.registry.api.node.Gateway;
import dev.atrium.registry.api.node.GatewayId;
import dev.atrium.registry.api.node.Node;
import dev.atrium.registry.api.node.NodeCapacity;
import dev.atrium.registry.api.node.NodeId;
import dev.atrium.registry.api.node.WallLevel;
import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.paging.PageRequest;
import dev.atrium.registry.paging.Paging;
import dev.atrium.registry.paging.Window;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Nodes and gateways as admins see them, ordered by name. */
@Component
class MemberDirectory {
    private final JdbcClient platform;
    private final NodeProperties properties;
    private final Paging paging;
    private final Clock clock;

    MemberDirectory(
            @Qualifier("platformJdbc") JdbcClient platform,
            NodeProperties properties,
            Paging paging,
            Clock clock) {
        this.platform = platform;
        this.properties = properties;
        this.paging = paging;
        this.clock = clock;
    }

    Page<Node> nodes(PageRequest request) {
        Window window = paging.window("nodes", request);
        List<Node> rows =
                platform.sql(
                                """
                                SELECT n.*,
                                       (SELECT count(*) FROM placement p WHERE p.node_id = n.id
                                            AND p.state = 'READY') AS ready,
                                       (SELECT count(*) FROM placement p WHERE p.node_id = n.id
                                            AND p.state = 'FAILED') AS failed
                                FROM node n WHERE n.name > ? ORDER BY n.name LIMIT ?
                                """)
                        .params(window.after().orElse(""), window.fetch())
                        .query(MemberDirectory::node)
                        .list();
        return paging.page(window, rows, Node::name, node -> node);
    }

    Page<Gateway> gateways(PageRequest request) {
        Window window = paging.window("gateways", request);
        Instant deadBefore = clock.instant().minus(properties.gatewaySilence());
        List<Gateway> rows =
                platform.sql("SELECT * FROM gateway WHERE name > ? ORDER BY name LIMIT ?")
                        .params(window.after().orElse(""), window.fetch())
                        .query((row, number) -> gateway(row, deadBefore))
                        .list();
        return paging.page(window, rows, Gateway::name, gateway -> gateway);
    }

    private static Node node(ResultSet row, int number) throws SQLException {
        return new Node(
                new NodeId(row.getObject("id", UUID.class)),
                row.getString("name"),
                row.getString("url"),
                row.getBoolean("alive"),
                new NodeCapacity(
                        row.getInt("cpus"),
                        row.getLong("memory_bytes"),
                        row.getString("sandbox"),
                        wall(row.getString("wall")),
                        NodeDevices.read(row)),
                row.getLong("used_memory_bytes"),
                row.getInt("in_flight"),
                row.getInt("ready"),
                row.getInt("failed"),
                instant(row, "joined_at"),
                instant(row, "last_seen_at"));
    }

    private static @Nullable WallLevel wall(@Nullable String name) {
        return name == null ? null : WallLevel.valueOf(name);
    }

    private static Gateway gateway(ResultSet row, Instant deadBefore) throws SQLException {
        Instant lastSeen = instant(row, "last_seen_at");
        return new Gateway(
                new GatewayId(row.getObject("id", UUID.class)),
                row.getString("name"),
                lastSeen.isAfter(deadBefore),
                row.getLong("feed_revision"),
                row.getLong("unshipped_records"),
                instant(row, "joined_at"),
                lastSeen);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
