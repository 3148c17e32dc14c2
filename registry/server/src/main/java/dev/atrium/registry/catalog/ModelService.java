package dev.atrium.registry.catalog;

import dev.atrium.registry.api.catalog.CreateModel;
import dev.atrium.registry.api.catalog.Model;
import dev.atrium.registry.api.catalog.ModelId;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.UpdateModel;
import dev.atrium.registry.api.catalog.Visibility;
import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.audit.AuditLog;
import dev.atrium.registry.error.InvalidRequestException;
import dev.atrium.registry.identity.Caller;
import dev.atrium.registry.paging.PageRequest;
import dev.atrium.registry.paging.Paging;
import dev.atrium.registry.paging.Window;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Makes, shows, changes and removes models. */
@Service
@Transactional
public class ModelService {
    private static final int MAX_DESCRIPTION = 20_000;
    private static final int MAX_QUERY = 200;

    private final JdbcClient jdbc;
    private final ModelLookup lookup;
    private final ModelSharing sharing;
    private final CatalogFeed feed;
    private final AuditLog audit;
    private final Paging paging;

    ModelService(
            JdbcClient jdbc,
            ModelLookup lookup,
            ModelSharing sharing,
            CatalogFeed feed,
            AuditLog audit,
            Paging paging) {
        this.jdbc = jdbc;
        this.lookup = lookup;
        this.sharing = sharing;
        this.feed = feed;
        this.audit = audit;
        this.paging = paging;
    }

    public Model create(Caller caller, CreateModel wish) {
        TenantId tenant = caller.tenantId();
        ModelName name = lookup.nameFor(tenant, wish.name());
        Visibility visibility = ModelSharing.checked(caller, wish.visibility(), Visibility.PRIVATE);
        List<UUID> shares = sharing.resolve(visibility, wish.sharedWith(), tenant);
        ModelId id = insert(caller, name, wish, visibility);
        sharing.replace(tenant, id, shares);
        audit.record("model.created", "model:" + name, visibility.name());
        return get(tenant, name.tenant(), name.name());
    }

    private ModelId insert(Caller caller, ModelName name, CreateModel wish, Visibility visibility) {
        Task task = wish.task();
        try {
            return jdbc.sql(
                            """
                            INSERT INTO model (tenant_id, project_id, name, task, task_given,
                                               visibility, description)
                            VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id
                            """)
                    .param(caller.tenantId().value())
                    .param(caller.projectId().value())
                    .param(name.name())
                    .param(task == null ? Task.TENSORS.name() : task.name())
                    .param(task != null)
                    .param(visibility.name())
                    .param(checkedDescription(wish.description()))
                    .query((row, number) -> new ModelId(row.getObject("id", UUID.class)))
                    .single();
        } catch (DuplicateKeyException e) {
            throw new ModelNameTakenException(name);
        }
    }

    /** The caller's own models, those shared with it and the public ones; newest first. */
    @Transactional(readOnly = true)
    public Page<Model> list(
            TenantId viewer, @Nullable String query, @Nullable Task task, PageRequest request) {
        Window window = paging.window("models", request);
        List<ModelRow> rows =
                jdbc.sql(
                                ModelRow.SELECT
                                        + """
                                        WHERE (?::text IS NULL OR m.name ILIKE ? OR m.description ILIKE ?)
                                          AND (?::text IS NULL OR m.task = ?)
                                          AND (?::uuid IS NULL OR m.id < ?)
                                        ORDER BY m.id DESC LIMIT ?
                                        """)
                        .param(query)
                        .param(pattern(query))
                        .param(pattern(query))
                        .param(task == null ? null : task.name())
                        .param(task == null ? null : task.name())
                        .param(window.after().map(UUID::fromString).orElse(null))
                        .param(window.after().map(UUID::fromString).orElse(null))
                        .param(window.fetch())
                        .query(ModelRow::read)
                        .list();
        return paging.page(window, rows, row -> row.id().toString(), row -> row.toModel(viewer));
    }

    private static @Nullable String pattern(@Nullable String query) {
        if (query == null) {
            return null;
        }
        if (query.length() > MAX_QUERY) {
            throw new InvalidRequestException("'q' is longer than " + MAX_QUERY + " characters");
        }
        return "%" + query.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%";
    }

    @Transactional(readOnly = true)
    public Model get(TenantId viewer, String tenant, String name) {
        return lookup.visible(tenant, name).toModel(viewer);
    }

    public Model update(Caller caller, String tenant, String name, UpdateModel wish) {
        TenantId owner = caller.tenantId();
        ModelRow model = lookup.own(owner, tenant, name);
        Visibility visibility = ModelSharing.checked(caller, wish.visibility(), model.visibility());
        boolean sharesChange = wish.sharedWith() != null || visibility != Visibility.SHARED;
        if (sharesChange) {
            sharing.replace(
                    owner, model.id(), sharing.resolve(visibility, wish.sharedWith(), owner));
        }
        jdbc.sql(
                        """
                        UPDATE model SET visibility = ?, description = coalesce(?, description),
                                         updated_at = now(), revision = revision + 1
                        WHERE tenant_id = ? AND id = ?
                        """)
                .param(visibility.name())
                .param(checkedDescription(wish.description()))
                .param(owner.value())
                .param(model.id().value())
                .update();
        feed.republish(model.id());
        audit.record("model.updated", "model:" + model.name(), visibility.name());
        return get(owner, tenant, name);
    }

    private static @Nullable String checkedDescription(@Nullable String description) {
        if (description != null && description.length() > MAX_DESCRIPTION) {
            throw new InvalidRequestException(
                    "'description' is longer than " + MAX_DESCRIPTION + " characters");
        }
        return description;
    }
}
