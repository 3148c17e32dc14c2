package dev.atrium.registry.deployment;

import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.catalog.ModelFile;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.catalog.ModelVersionId;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.deployment.PlacementId;
import dev.atrium.registry.api.node.NodeId;
import dev.atrium.registry.api.node.PlacementOrder;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.catalog.StoredJson;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * What a node should hold. A FAILED placement is not ordered again: a restarted node would take it
 * for a new one and die of it once more.
 */
@Component
class Orders {
    private static final String SELECT =
            """
            SELECT p.id, p.tenant_id, p.version_id, t.platform, t.slug, m.name, m.task, v.number,
                   v.framework, v.signature, v.settings, d.pinned, d.idle_seconds,
                   d.execution,
                   ARRAY(SELECT f.path FROM model_file f WHERE f.version_id = v.id
                         ORDER BY f.path) AS paths,
                   ARRAY(SELECT f.bytes FROM model_file f WHERE f.version_id = v.id
                         ORDER BY f.path) AS sizes,
                   ARRAY(SELECT f.sha256 FROM model_file f WHERE f.version_id = v.id
                         ORDER BY f.path) AS digests
            FROM placement p JOIN deployment d ON d.version_id = p.version_id
                 JOIN model_version v ON v.id = p.version_id
                 JOIN model m ON m.id = v.model_id JOIN tenant t ON t.id = p.tenant_id
            WHERE p.node_id = ? AND p.state <> 'FAILED' ORDER BY p.id
            """;

    private final JdbcClient platform;
    private final StoredJson json;

    Orders(@Qualifier("platformJdbc") JdbcClient platform, StoredJson json) {
        this.platform = platform;
        this.json = json;
    }

    List<PlacementOrder> of(NodeId node) {
        return platform.sql(SELECT).param(node.value()).query(this::order).list();
    }

    /** The tenant whose bytes a node may fetch by this digest, because a placement names them. */
    Optional<TenantId> ownerOf(NodeId node, String sha256) {
        return platform.sql(
                        """
                        SELECT p.tenant_id FROM placement p JOIN model_file f
                               ON f.version_id = p.version_id AND f.tenant_id = p.tenant_id
                        WHERE p.node_id = ? AND f.sha256 = ? AND p.state <> 'FAILED' LIMIT 1
                        """)
                .params(node.value(), sha256)
                .query((row, number) -> new TenantId(row.getObject("tenant_id", UUID.class)))
                .optional();
    }

    private PlacementOrder order(ResultSet row, int number) throws SQLException {
        return new PlacementOrder(
                new PlacementId(row.getObject("id", UUID.class)),
                new ModelVersionId(row.getObject("version_id", UUID.class)),
                new TenantId(row.getObject("tenant_id", UUID.class)),
                row.getBoolean("platform"),
                new ModelName(row.getString("slug"), row.getString("name")),
                row.getInt("number"),
                Task.valueOf(row.getString("task")),
                Framework.valueOf(row.getString("framework")),
                json.signature(row.getString("signature")),
                json.settings(row.getString("settings")),
                files(row),
                row.getBoolean("pinned"),
                row.getInt("idle_seconds"),
                json.execution(row.getString("execution")));
    }

    private static List<ModelFile> files(ResultSet row) throws SQLException {
        String[] paths = (String[]) row.getArray("paths").getArray();
        Long[] sizes = (Long[]) row.getArray("sizes").getArray();
        String[] digests = (String[]) row.getArray("digests").getArray();
        List<ModelFile> files = new ArrayList<>(paths.length);
        for (int i = 0; i < paths.length; i++) {
            files.add(new ModelFile(paths[i], sizes[i], digests[i]));
        }
        return files;
    }
}
