package dev.atrium.registry.tenancy;

import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.tenancy.CreateProject;
import dev.atrium.registry.api.tenancy.Project;
import dev.atrium.registry.api.tenancy.ProjectId;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.audit.AuditLog;
import dev.atrium.registry.paging.PageRequest;
import dev.atrium.registry.paging.Paging;
import dev.atrium.registry.paging.Window;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The projects of a tenant. */
@Service
@Transactional
public class ProjectService {
    /** Every tenant has this one. */
    public static final String DEFAULT_SLUG = "default";

    private static final String COLUMNS = "id, slug, name, created_at";

    private final JdbcClient jdbc;
    private final AuditLog audit;
    private final Paging paging;
    private final ApplicationEventPublisher events;

    ProjectService(
            JdbcClient jdbc, AuditLog audit, Paging paging, ApplicationEventPublisher events) {
        this.jdbc = jdbc;
        this.audit = audit;
        this.paging = paging;
        this.events = events;
    }

    public Project create(TenantId tenant, CreateProject wish) {
        Project project = insert(tenant, Slug.checked(wish.slug()), wish.name());
        audit.record("project.created", "project:" + project.slug(), null);
        events.publishEvent(new ProjectCreated(tenant, project.id()));
        return project;
    }

    private Project insert(TenantId tenant, String slug, String name) {
        try {
            return jdbc.sql(
                            "INSERT INTO project (tenant_id, slug, name) VALUES (?, ?, ?) RETURNING "
                                    + COLUMNS)
                    .params(tenant.value(), slug, Slug.checkedName("name", name))
                    .query(ProjectService::project)
                    .single();
        } catch (DuplicateKeyException e) {
            throw new NameTakenException("Project", slug);
        }
    }

    @Transactional(readOnly = true)
    public Project get(TenantId tenant, ProjectId id) {
        return jdbc.sql("SELECT " + COLUMNS + " FROM project WHERE tenant_id = ? AND id = ?")
                .params(tenant.value(), id.value())
                .query(ProjectService::project)
                .optional()
                .orElseThrow(ProjectNotFoundException::new);
    }

    /** Ordered by slug. */
    @Transactional(readOnly = true)
    public Page<Project> list(TenantId tenant, PageRequest request) {
        Window window = paging.window("projects", request);
        List<Project> rows =
                jdbc.sql(
                                "SELECT "
                                        + COLUMNS
                                        + " FROM project WHERE tenant_id = ? AND slug > ? ORDER BY"
                                        + " slug LIMIT ?")
                        .params(tenant.value(), window.after().orElse(""), window.fetch())
                        .query(ProjectService::project)
                        .list();
        return paging.page(window, rows, Project::slug, project -> project);
    }

    static Project project(ResultSet row, int number) throws SQLException {
        return new Project(
                new ProjectId(row.getObject("id", UUID.class)),
                row.getString("slug"),
                row.getString("name"),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }
}
