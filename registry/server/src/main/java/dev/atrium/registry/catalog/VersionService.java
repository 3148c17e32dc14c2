package dev.atrium.registry.catalog;

import dev.atrium.registry.api.catalog.CreateVersion;
import dev.atrium.registry.api.catalog.ModelVersion;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.VersionSettings;
import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.audit.AuditLog;
import dev.atrium.registry.error.InvalidRequestException;
import dev.atrium.registry.identity.Caller;
import dev.atrium.registry.paging.PageRequest;
import dev.atrium.registry.paging.Paging;
import dev.atrium.registry.paging.Window;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Opens and shows versions. */
@Service
@Transactional
public class VersionService {
    private static final int MAX_DESCRIPTION = 20_000;

    private final JdbcClient jdbc;
    private final ModelLookup models;
    private final VersionLookup versions;
    private final StoredJson json;
    private final AuditLog audit;
    private final Paging paging;

    VersionService(
            JdbcClient jdbc,
            ModelLookup models,
            VersionLookup versions,
            StoredJson json,
            AuditLog audit,
            Paging paging) {
        this.jdbc = jdbc;
        this.models = models;
        this.versions = versions;
        this.json = json;
        this.audit = audit;
        this.paging = paging;
    }

    /** A version in the state UPLOADING, with the number after the highest. */
    public ModelVersion create(Caller caller, String tenant, String name, CreateVersion wish) {
        ModelRow model = models.own(caller.tenantId(), tenant, name);
        VersionSettings settings = SettingsRules.checked(wish.settings());
        if (model.taskGiven()) {
            requireSense(model.task(), settings);
        }
        // Two versions at once take two numbers: the second waits here for the first.
        jdbc.sql("SELECT FROM model WHERE tenant_id = ? AND id = ? FOR NO KEY UPDATE")
                .params(caller.tenantId().value(), model.id().value())
                .query((row, index) -> model)
                .single();
        int number =
                jdbc.sql(
                                """
                                INSERT INTO model_version (tenant_id, project_id, model_id, number,
                                                           state, settings, description, created_by)
                                SELECT m.tenant_id, m.project_id, m.id,
                                       1 + coalesce((SELECT max(v.number) FROM model_version v
                                                     WHERE v.model_id = m.id), 0),
                                       'UPLOADING', ?::jsonb, ?, ?
                                FROM model m WHERE m.tenant_id = ? AND m.id = ?
                                RETURNING number
                                """)
                        .param(json.write(settings))
                        .param(checkedDescription(wish.description()))
                        .param(caller.actor())
                        .param(caller.tenantId().value())
                        .param(model.id().value())
                        .query(Integer.class)
                        .single();
        audit.record("version.created", "version:" + model.name() + "/" + number, null);
        return get(caller.tenantId(), tenant, name, number);
    }

    /** Newest first. */
    @Transactional(readOnly = true)
    public Page<ModelVersion> list(
            TenantId viewer, String tenant, String name, PageRequest request) {
        ModelRow model = models.visible(tenant, name);
        Window window = paging.window("versions of " + model.id(), request);
        return paging.page(
                window,
                versions.list(model, viewer, window),
                row -> Integer.toString(row.number()),
                row -> row.toVersion(viewer));
    }

    @Transactional(readOnly = true)
    public ModelVersion get(TenantId viewer, String tenant, String name, int number) {
        return versions.visible(viewer, tenant, name, number).toVersion(viewer);
    }

    /** A version that the caller's tenant may change; a visible foreign one is as absent. */
    @Transactional(readOnly = true)
    public ModelVersion getOwn(TenantId owner, String tenant, String name, int number) {
        return versions.own(owner, tenant, name, number).toVersion(owner);
    }

    private static void requireSense(Task task, VersionSettings settings) {
        SettingsRules.mismatch(task, settings)
                .ifPresent(reason -> {
                    throw new InvalidRequestException(reason);
                });
    }

    private static @Nullable String checkedDescription(@Nullable String description) {
        if (description != null && description.length() > MAX_DESCRIPTION) {
            throw new InvalidRequestException(
                    "'description' is longer than " + MAX_DESCRIPTION + " characters");
        }
        return description;
    }
}
