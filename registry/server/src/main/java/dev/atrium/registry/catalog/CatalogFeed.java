package dev.atrium.registry.catalog;

import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.catalog.ModelId;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.catalog.ModelVersionId;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.Visibility;
import dev.atrium.registry.api.feed.FeedKind;
import dev.atrium.registry.api.feed.FeedModel;
import dev.atrium.registry.api.feed.FeedVersion;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.database.CurrentTransaction;
import dev.atrium.registry.feed.FeedPublisher;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/**
 * Publishes a model as gateways need it: one entry with all its aliased and deployed versions, so
 * that an alias and the version it names never arrive apart.
 *
 * <p>Call it in the transaction of the change, after the change. It locks the model until the
 * commit: two transactions that change one model publish one after the other, and the later one
 * sees what the earlier did. Who also locks a version does that first.
 */
@Service
public class CatalogFeed {
    private final CurrentTransaction transaction;
    private final FeedPublisher feed;
    private final StoredJson json;

    CatalogFeed(CurrentTransaction transaction, FeedPublisher feed, StoredJson json) {
        this.transaction = transaction;
        this.feed = feed;
        this.json = json;
    }

    public void republish(ModelId model) {
        JdbcClient jdbc = transaction.jdbc();
        jdbc.sql("SELECT FROM model WHERE id = ? FOR NO KEY UPDATE")
                .param(model.value())
                .query((row, number) -> model)
                .single();
        List<FeedVersion> versions = versions(jdbc, model);
        if (versions.isEmpty()) {
            feed.remove(FeedKind.MODEL, model.toString());
            return;
        }
        Map<String, Integer> aliases = aliases(jdbc, model);
        List<TenantId> sharedWith = sharedWith(jdbc, model);
        FeedModel entry =
                jdbc.sql("SELECT m.*, tenant_slug(m.tenant_id) AS owner FROM model m WHERE id = ?")
                        .param(model.value())
                        .query((row, number) -> entry(row, sharedWith, aliases, versions))
                        .single();
        feed.publish(FeedKind.MODEL, model.toString(), entry);
    }

    /** For a version that changed; the model is looked up. */
    public void republish(ModelVersionId version) {
        UUID model =
                transaction
                        .jdbc()
                        .sql("SELECT model_id FROM model_version WHERE id = ?")
                        .param(version.value())
                        .query(UUID.class)
                        .single();
        republish(new ModelId(model));
    }

    private List<FeedVersion> versions(JdbcClient jdbc, ModelId model) {
        return jdbc.sql(
                        """
                        SELECT v.id, v.number, v.framework, v.signature, v.settings
                        FROM model_version v
                        WHERE v.model_id = ? AND v.state = 'READY'
                          AND (EXISTS (SELECT FROM model_alias a WHERE a.version_id = v.id)
                               OR EXISTS (SELECT FROM deployment d WHERE d.version_id = v.id))
                        ORDER BY v.number
                        """)
                .param(model.value())
                .query(this::version)
                .list();
    }

    private FeedVersion version(ResultSet row, int number) throws SQLException {
        return new FeedVersion(
                new ModelVersionId(row.getObject("id", UUID.class)),
                row.getInt("number"),
                Framework.valueOf(row.getString("framework")),
                json.signature(row.getString("signature")),
                json.settings(row.getString("settings")).withoutPrediction());
    }

    private static Map<String, Integer> aliases(JdbcClient jdbc, ModelId model) {
        Map<String, Integer> aliases = new TreeMap<>();
        jdbc.sql("SELECT alias, number FROM model_alias WHERE model_id = ?")
                .param(model.value())
                .query(row -> {
                    aliases.put(row.getString("alias"), row.getInt("number"));
                });
        return aliases;
    }

    private static List<TenantId> sharedWith(JdbcClient jdbc, ModelId model) {
        return jdbc.sql(
                        """
                        SELECT shared_tenant_id FROM model_share
                        WHERE model_id = ? ORDER BY shared_tenant_id
                        """)
                .param(model.value())
                .query((row, number) -> new TenantId(row.getObject(1, UUID.class)))
                .list();
    }

    private static FeedModel entry(
            ResultSet row,
            List<TenantId> sharedWith,
            Map<String, Integer> aliases,
            List<FeedVersion> versions)
            throws SQLException {
        return new FeedModel(
                new ModelId(row.getObject("id", UUID.class)),
                new TenantId(row.getObject("tenant_id", UUID.class)),
                new ModelName(row.getString("owner"), row.getString("name")),
                Task.valueOf(row.getString("task")),
                Visibility.valueOf(row.getString("visibility")),
                sharedWith,
                aliases,
                versions,
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }
}
