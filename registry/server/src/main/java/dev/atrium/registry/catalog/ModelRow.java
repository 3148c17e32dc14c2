package dev.atrium.registry.catalog;

import dev.atrium.registry.api.catalog.Model;
import dev.atrium.registry.api.catalog.ModelId;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.Visibility;
import dev.atrium.registry.api.tenancy.ProjectId;
import dev.atrium.registry.api.tenancy.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A model that the current tenant can see, as one query reads it. */
record ModelRow(
        ModelId id,
        TenantId tenantId,
        ProjectId projectId,
        ModelName name,
        Task task,
        boolean taskGiven,
        Visibility visibility,
        List<String> sharedWith,
        @Nullable String description,
        Map<String, Integer> aliases,
        int versions,
        Instant createdAt,
        Instant updatedAt) {

    /** Who does not own a model sees what can be called of it. */
    static final String SELECT =
            """
            SELECT m.*, tenant_slug(m.tenant_id) AS owner,
                   (SELECT count(*) FROM model_version v WHERE v.model_id = m.id
                        AND (v.tenant_id = current_tenant() OR v.state = 'READY')) AS versions,
                   ARRAY(SELECT a.alias FROM model_alias a WHERE a.model_id = m.id
                         ORDER BY a.alias) AS aliases,
                   ARRAY(SELECT a.number FROM model_alias a WHERE a.model_id = m.id
                         ORDER BY a.alias) AS alias_numbers,
                   ARRAY(SELECT tenant_slug(s.shared_tenant_id) FROM model_share s
                         WHERE s.model_id = m.id ORDER BY 1) AS shared_with
            FROM model m
            """;

    static ModelRow read(ResultSet row, int number) throws SQLException {
        return new ModelRow(
                new ModelId(row.getObject("id", UUID.class)),
                new TenantId(row.getObject("tenant_id", UUID.class)),
                new ProjectId(row.getObject("project_id", UUID.class)),
                new ModelName(row.getString("owner"), row.getString("name")),
                Task.valueOf(row.getString("task")),
                row.getBoolean("task_given"),
                Visibility.valueOf(row.getString("visibility")),
                List.of((String[]) row.getArray("shared_with").getArray()),
                row.getString("description"),
                aliases(row),
                row.getInt("versions"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("updated_at", OffsetDateTime.class).toInstant());
    }

    private static Map<String, Integer> aliases(ResultSet row) throws SQLException {
        String[] names = (String[]) row.getArray("aliases").getArray();
        Integer[] numbers = (Integer[]) row.getArray("alias_numbers").getArray();
        Map<String, Integer> aliases = new TreeMap<>();
        for (int i = 0; i < names.length; i++) {
            aliases.put(names[i], numbers[i]);
        }
        return aliases;
    }

    Model toModel(TenantId viewer) {
        return new Model(
                id,
                name,
                task,
                visibility,
                sharedWith,
                description,
                aliases,
                versions,
                tenantId.equals(viewer),
                createdAt,
                updatedAt);
    }
}
