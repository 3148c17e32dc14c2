package dev.atrium.registry.deployment;

import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.catalog.ModelVersionId;
import dev.atrium.registry.api.deployment.Deployment;
import dev.atrium.registry.api.deployment.PlacementId;
import dev.atrium.registry.api.deployment.Replica;
import dev.atrium.registry.api.deployment.ReplicaState;
import dev.atrium.registry.api.node.NodeId;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.catalog.StoredJson;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Deployments with their replicas; row level security decides which are there. */
@Component
class DeploymentReader {
    private record Placed(UUID version, Replica replica) {}

    private static final String SELECT =
            """
            SELECT d.version_id, d.replicas, d.pinned, d.idle_seconds, d.execution, d.created_at,
                   v.number, m.name,
                   tenant_slug(m.tenant_id) AS owner
            FROM deployment d JOIN model_version v ON v.id = d.version_id
                 JOIN model m ON m.id = v.model_id
            """;

    private final JdbcClient jdbc;
    private final StoredJson json;

    DeploymentReader(JdbcClient jdbc, StoredJson json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    Optional<Deployment> find(ModelVersionId version) {
        return withReplicas(
                        jdbc.sql(SELECT + " WHERE d.version_id = ?")
                                .param(version.value())
                                .query(this::deployment)
                                .list())
                .stream()
                .findFirst();
    }

    /** Of one tenant, newest version first. */
    List<Deployment> list(TenantId tenant, @Nullable UUID after, int limit) {
        return withReplicas(
                jdbc.sql(
                                SELECT
                                        + """
                                        WHERE d.tenant_id = ? AND (?::uuid IS NULL OR d.version_id < ?)
                                        ORDER BY d.version_id DESC LIMIT ?
                                        """)
                        .param(tenant.value())
                        .param(after)
                        .param(after)
                        .param(limit)
                        .query(this::deployment)
                        .list());
    }

    private List<Deployment> withReplicas(List<Deployment> deployments) {
        Map<UUID, List<Replica>> replicas = new HashMap<>();
        UUID[] versions = deployments.stream().map(d -> d.versionId().value()).toArray(UUID[]::new);
        jdbc.sql(
                        """
                        SELECT p.*, n.name AS node_name FROM placement p JOIN node n ON n.id = p.node_id
                        WHERE p.version_id = ANY (?) ORDER BY p.id
                        """)
                .param(versions)
                .query(DeploymentReader::placed)
                .list()
                .forEach(placed ->
                        replicas.computeIfAbsent(placed.version(), v -> new java.util.ArrayList<>())
                                .add(placed.replica()));
        return deployments.stream()
                .map(d ->
                        new Deployment(
                                d.versionId(),
                                d.model(),
                                d.version(),
                                d.replicas(),
                                d.pinned(),
                                d.idleSeconds(),
                                d.execution(),
                                replicas.getOrDefault(d.versionId().value(), List.of()),
                                d.createdAt()))
                .toList();
    }

    private Deployment deployment(ResultSet row, int number) throws SQLException {
        return new Deployment(
                new ModelVersionId(row.getObject("version_id", UUID.class)),
                new ModelName(row.getString("owner"), row.getString("name")),
                row.getInt("number"),
                row.getInt("replicas"),
                row.getBoolean("pinned"),
                row.getInt("idle_seconds"),
                json.execution(row.getString("execution")),
                List.of(),
                instant(row, "created_at"));
    }

    private static Placed placed(ResultSet row, int number) throws SQLException {
        return new Placed(
                row.getObject("version_id", UUID.class),
                new Replica(
                        new PlacementId(row.getObject("id", UUID.class)),
                        new NodeId(row.getObject("node_id", UUID.class)),
                        row.getString("node_name"),
                        ReplicaState.valueOf(row.getString("state")),
                        row.getString("reason"),
                        row.getLong("resident_bytes"),
                        instant(row, "since")));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
