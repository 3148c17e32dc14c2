package dev.atrium.registry.catalog;

import dev.atrium.registry.api.catalog.Model;
import dev.atrium.registry.api.catalog.VersionState;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.audit.AuditLog;
import dev.atrium.registry.error.InvalidRequestException;
import dev.atrium.registry.identity.Caller;
import java.util.Map;
import java.util.regex.Pattern;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Names that point to one version of a model, move at once and keep their history. */
@Service
@Transactional
public class AliasService {
    private static final Pattern ALIAS = Pattern.compile("[a-z][a-z0-9-]{0,31}");

    private final JdbcClient jdbc;
    private final ModelLookup models;
    private final VersionLookup versions;
    private final CatalogFeed feed;
    private final AuditLog audit;

    AliasService(
            JdbcClient jdbc,
            ModelLookup models,
            VersionLookup versions,
            CatalogFeed feed,
            AuditLog audit) {
        this.jdbc = jdbc;
        this.models = models;
        this.versions = versions;
        this.feed = feed;
        this.audit = audit;
    }

    @Transactional(readOnly = true)
    public Map<String, Integer> aliases(String tenant, String name) {
        return models.visible(tenant, name).aliases();
    }

    public Model move(Caller caller, String tenant, String name, String alias, int number) {
        if (!ALIAS.matcher(alias).matches()) {
            throw new InvalidRequestException(
                    "an alias has 1 to 32 of a-z 0-9 - and begins with a letter");
        }
        TenantId owner = caller.tenantId();
        VersionRow version = versions.own(owner, tenant, name, number);
        if (version.state() != VersionState.READY) {
            throw new CatalogConflictException(
                    "version "
                            + number
                            + " is "
                            + version.state()
                            + "; an alias names a READY version");
        }
        move(models.own(owner, tenant, name), version, alias, caller.actor());
        return models.own(owner, tenant, name).toModel(owner);
    }

    /** Does the same in a transaction that has checked everything. */
    void move(ModelRow model, VersionRow version, String alias, String actor) {
        // Moves of one alias queue up here, so the history has them in their order.
        jdbc.sql("SELECT FROM model WHERE tenant_id = ? AND id = ? FOR NO KEY UPDATE")
                .params(model.tenantId().value(), model.id().value())
                .query((row, index) -> model)
                .single();
        jdbc.sql(
                        """
                        INSERT INTO model_alias (tenant_id, model_id, alias, version_id, number)
                        VALUES (?, ?, ?, ?, ?)
                        ON CONFLICT (model_id, alias) DO UPDATE
                            SET version_id = excluded.version_id, number = excluded.number,
                                updated_at = now()
                        """)
                .params(
                        model.tenantId().value(),
                        model.id().value(),
                        alias,
                        version.id().value(),
                        version.number())
                .update();
        jdbc.sql(
                        """
                        INSERT INTO model_alias_history (tenant_id, model_id, alias, number, moved_by)
                        VALUES (?, ?, ?, ?, ?)
                        """)
                .params(
                        model.tenantId().value(),
                        model.id().value(),
                        alias,
                        version.number(),
                        actor)
                .update();
        feed.republish(model.id());
        audit.record("alias.moved", "model:" + model.name(), alias + " -> " + version.number());
    }
}
