package dev.atrium.registry.deployment;

import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.node.NodeId;
import dev.atrium.registry.api.node.RefusedFile;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.audit.AuditLog;
import dev.atrium.registry.machine.Machine;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Tells owners of models that a node found other bytes than it should: an entry in their audit log,
 * in the transaction of the heartbeat that said so. A node can speak of its own placements alone,
 * and says the same thing once a minute at most, so a hostile one cannot flood anybody's log.
 */
@Component
class RefusedFiles {
    private record Affected(
            TenantId tenant, ModelName model, int version, String path, String node) {
        String subject() {
            return "version:" + model + "/" + version;
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(RefusedFiles.class);
    private static final String ACTION = "artifact.refused";
    private static final int MOST_AT_ONCE = 64;

    private final JdbcClient platform;
    private final AuditLog audit;

    RefusedFiles(@Qualifier("platformJdbc") JdbcClient platform, AuditLog audit) {
        this.platform = platform;
        this.audit = audit;
    }

    void take(Machine node, @Nullable List<RefusedFile> files) {
        if (files != null) {
            files.stream().limit(MOST_AT_ONCE).forEach(file -> take(node, file));
        }
    }

    private void take(Machine node, RefusedFile file) {
        for (Affected affected : affected(new NodeId(node.id()), file.sha256())) {
            String detail = detail(affected, file.origin());
            if (!isSaid(node, affected, detail)) {
                LOG.error("{}: {}", affected.subject(), detail);
                audit.record(affected.tenant(), ACTION, affected.subject(), detail);
            }
        }
    }

    private static String detail(Affected affected, RefusedFile.Origin origin) {
        String found =
                switch (origin) {
                    case CACHE ->
                            "in the cache of node '%s' is damaged; it was not loaded and is fetched"
                                    + " again";
                    case REGISTRY ->
                            "as node '%s' received it does not have the SHA-256 it was registered"
                                    + " with; the version is not loaded";
                };
        return "file '" + affected.path() + "' " + found.formatted(affected.node());
    }

    private List<Affected> affected(NodeId node, String sha256) {
        return platform.sql(
                        """
                        SELECT DISTINCT p.tenant_id, t.slug, m.name, v.number, f.path,
                               n.name AS node
                        FROM placement p
                             JOIN model_file f ON f.version_id = p.version_id
                                  AND f.tenant_id = p.tenant_id
                             JOIN model_version v ON v.id = p.version_id
                             JOIN model m ON m.id = v.model_id
                             JOIN tenant t ON t.id = p.tenant_id
                             JOIN node n ON n.id = p.node_id
                        WHERE p.node_id = ? AND f.sha256 = ?
                        """)
                .params(node.value(), sha256)
                .query(RefusedFiles::affected)
                .list();
    }

    private static Affected affected(ResultSet row, int number) throws SQLException {
        return new Affected(
                new TenantId(row.getObject("tenant_id", UUID.class)),
                new ModelName(row.getString("slug"), row.getString("name")),
                row.getInt("number"),
                row.getString("path"),
                row.getString("node"));
    }

    /** Looks at the newest entries only, so that a long log costs nothing. */
    private boolean isSaid(Machine node, Affected affected, String detail) {
        return platform.sql(
                        """
                        SELECT EXISTS (
                            SELECT FROM (SELECT * FROM audit_entry WHERE tenant_id = ?
                                         ORDER BY id DESC LIMIT 100) newest
                            WHERE at > now() - interval '1 minute' AND actor = ? AND action = ?
                                  AND subject = ? AND detail = ?)
                        """)
                .params(affected.tenant().value(), node.actor(), ACTION, affected.subject(), detail)
                .query(Boolean.class)
                .single();
    }
}
