package dev.atrium.registry.catalog;

import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.catalog.ModelVersion;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.UpdateVersion;
import dev.atrium.registry.api.catalog.VersionSettings;
import dev.atrium.registry.api.catalog.VersionState;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.artifact.Inspection;
import dev.atrium.registry.audit.AuditLog;
import dev.atrium.registry.error.InvalidRequestException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Task and settings of a version that nobody has called yet. */
@Component
class SettingsChange {
    private static final String TOKENIZER = "tokenizer.json";

    private final JdbcClient jdbc;
    private final ModelLookup models;
    private final VersionLookup versions;
    private final VersionStates states;
    private final CatalogFeed feed;
    private final StoredJson json;
    private final AuditLog audit;

    SettingsChange(
            JdbcClient jdbc,
            ModelLookup models,
            VersionLookup versions,
            VersionStates states,
            CatalogFeed feed,
            StoredJson json,
            AuditLog audit) {
        this.jdbc = jdbc;
        this.models = models;
        this.versions = versions;
        this.states = states;
        this.feed = feed;
        this.json = json;
        this.audit = audit;
    }

    /** Either all of it or nothing. */
    @Transactional
    public ModelVersion change(
            TenantId owner, String tenant, String name, int number, UpdateVersion wish) {
        states.lock(owner, versions.own(owner, tenant, name, number).id());
        VersionRow version = versions.own(owner, tenant, name, number);
        requireOpen(version);
        requireNeverDeployed("v.id", version.id().value(), "version " + number + " was");
        VersionSettings settings = kept(version, SettingsRules.checked(wish.settings()));
        Task task = task(models.own(owner, tenant, name), wish.task());
        store(version, settings);
        if (task != null) {
            requireFit(task, version, settings);
        }
        feed.republish(version.modelId());
        audit.record("version.settings_changed", "version:" + version.model() + "/" + number, null);
        return versions.own(owner, tenant, name, number).toVersion(owner);
    }

    private static void requireOpen(VersionRow version) {
        if (version.state() != VersionState.UPLOADING && version.state() != VersionState.READY) {
            throw new CatalogConflictException(
                    "version "
                            + version.number()
                            + " is "
                            + version.state()
                            + "; settings change only while it is UPLOADING or READY");
        }
    }

    private void requireNeverDeployed(String column, UUID id, String who) {
        boolean deployed =
                jdbc.sql(
                                "SELECT EXISTS (SELECT FROM model_version v WHERE "
                                        + column
                                        + " = ? AND v.deployed_at IS NOT NULL)")
                        .param(id)
                        .query(Boolean.class)
                        .single();
        if (deployed) {
            throw new CatalogConflictException(
                    who
                            + " deployed, which fixed task and settings; upload a new version for"
                            + " other ones");
        }
    }

    /** What the inspection read out of a language model's file is not forgotten. */
    private static VersionSettings kept(VersionRow version, VersionSettings settings) {
        Integer known = version.settings().contextLength();
        if (version.framework() != Framework.GGUF || known == null) {
            return settings;
        }
        Integer wanted = settings.contextLength();
        return settings.withContextLength(wanted == null ? known : wanted);
    }

    /** The model's task from now on; null while nobody has decided. */
    private @Nullable Task task(ModelRow model, @Nullable Task wanted) {
        if (wanted == null || model.taskGiven() && wanted == model.task()) {
            return model.taskGiven() ? model.task() : null;
        }
        jdbc.sql("SELECT FROM model WHERE id = ? FOR NO KEY UPDATE")
                .param(model.id().value())
                .query((row, index) -> model)
                .single();
        requireNeverDeployed("v.model_id", model.id().value(), "a version of this model was");
        jdbc.sql("UPDATE model SET task = ?, task_given = true, updated_at = now() WHERE id = ?")
                .params(wanted.name(), model.id().value())
                .update();
        return wanted;
    }

    private void store(VersionRow version, VersionSettings settings) {
        jdbc.sql(
                        """
                        UPDATE model_version SET settings = ?::jsonb, revision = revision + 1
                        WHERE tenant_id = ? AND id = ?
                        """)
                .params(json.write(settings), version.tenantId().value(), version.id().value())
                .update();
    }

    private static void requireFit(Task task, VersionRow version, VersionSettings settings) {
        Framework framework = version.framework();
        (framework == null
                        ? SettingsRules.mismatch(task, settings)
                        : VersionVerdict.misfit(task, settings, inspected(version, framework)))
                .ifPresent(reason -> {
                    throw new InvalidRequestException(reason);
                });
    }

    private static Inspection.Accepted inspected(VersionRow version, Framework framework) {
        boolean tokenizer =
                version.files().stream().anyMatch(file -> file.path().equals(TOKENIZER));
        return new Inspection.Accepted(
                framework, version.signature(), version.settings().contextLength(), tokenizer);
    }
}
