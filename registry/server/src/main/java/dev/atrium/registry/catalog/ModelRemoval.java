package dev.atrium.registry.catalog;

import dev.atrium.registry.api.feed.FeedKind;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.audit.AuditLog;
import dev.atrium.registry.feed.FeedPublisher;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/** Removes a model with everything that hangs on it; usage keeps its name. */
@Service
public class ModelRemoval {
    /** In the order of their references. */
    private static final List<String> TABLES =
            List.of("model_alias_history", "model_alias", "model_share", "model_version");

    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;
    private final ModelLookup models;
    private final VersionFiles files;
    private final FeedPublisher feed;
    private final AuditLog audit;

    ModelRemoval(
            JdbcClient jdbc,
            TransactionTemplate transactions,
            ModelLookup models,
            VersionFiles files,
            FeedPublisher feed,
            AuditLog audit) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.models = models;
        this.files = files;
        this.feed = feed;
        this.audit = audit;
    }

    public void remove(TenantId owner, String tenant, String name) {
        List<String> digests =
                Objects.requireNonNull(
                        transactions.execute(status -> removeRows(owner, tenant, name)));
        files.removeUnnamed(owner, digests);
    }

    private List<String> removeRows(TenantId owner, String tenant, String name) {
        ModelRow model = models.own(owner, tenant, name);
        UUID id = model.id().value();
        // Versions before the model, as everybody locks them.
        jdbc.sql("SELECT id FROM model_version WHERE tenant_id = ? AND model_id = ? FOR UPDATE")
                .params(owner.value(), id)
                .query(UUID.class)
                .list();
        jdbc.sql("SELECT FROM model WHERE tenant_id = ? AND id = ? FOR UPDATE")
                .params(owner.value(), id)
                .query((row, index) -> model)
                .optional()
                .orElseThrow(ModelNotFoundException::new);
        requireUndeployed(owner, model);
        List<String> digests =
                jdbc.sql(
                                """
                                DELETE FROM model_file f USING model_version v
                                WHERE f.version_id = v.id AND v.tenant_id = ? AND v.model_id = ?
                                RETURNING f.sha256
                                """)
                        .params(owner.value(), id)
                        .query((row, index) -> row.getString("sha256"))
                        .list();
        for (String table : TABLES) {
            jdbc.sql("DELETE FROM " + table + " WHERE tenant_id = ? AND model_id = ?")
                    .params(owner.value(), id)
                    .update();
        }
        jdbc.sql("DELETE FROM model WHERE tenant_id = ? AND id = ?")
                .params(owner.value(), id)
                .update();
        feed.remove(FeedKind.MODEL, model.id().toString());
        audit.record("model.removed", "model:" + model.name(), null);
        return digests;
    }

    private void requireUndeployed(TenantId owner, ModelRow model) {
        boolean deployed =
                jdbc.sql(
                                """
                                SELECT EXISTS (SELECT FROM deployment d
                                               JOIN model_version v ON v.id = d.version_id
                                               WHERE v.tenant_id = ? AND v.model_id = ?)
                                """)
                        .params(owner.value(), model.id().value())
                        .query(Boolean.class)
                        .single();
        if (deployed) {
            throw new CatalogConflictException(
                    "the model " + model.name() + " has deployments; remove them first");
        }
    }
}
