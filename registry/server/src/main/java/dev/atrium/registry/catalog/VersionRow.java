package dev.atrium.registry.catalog;

import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.catalog.ModelFile;
import dev.atrium.registry.api.catalog.ModelId;
import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.catalog.ModelVersion;
import dev.atrium.registry.api.catalog.ModelVersionId;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.VersionSettings;
import dev.atrium.registry.api.catalog.VersionState;
import dev.atrium.registry.api.tenancy.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A version that the current tenant can see, as one query reads it. */
record VersionRow(
        ModelVersionId id,
        ModelId modelId,
        TenantId tenantId,
        ModelName model,
        int number,
        VersionState state,
        @Nullable String rejection,
        @Nullable Framework framework,
        Signature signature,
        VersionSettings settings,
        List<ModelFile> files,
        @Nullable String description,
        Instant createdAt,
        String createdBy,
        List<String> aliases) {

    static final String SELECT =
            """
            SELECT v.*, m.name AS model_name, tenant_slug(m.tenant_id) AS owner,
                   ARRAY(SELECT f.path FROM model_file f WHERE f.version_id = v.id
                         ORDER BY f.path) AS paths,
                   ARRAY(SELECT f.bytes FROM model_file f WHERE f.version_id = v.id
                         ORDER BY f.path) AS sizes,
                   ARRAY(SELECT f.sha256 FROM model_file f WHERE f.version_id = v.id
                         ORDER BY f.path) AS digests,
                   ARRAY(SELECT a.alias FROM model_alias a WHERE a.version_id = v.id
                         ORDER BY a.alias) AS aliases
            FROM model_version v JOIN model m ON m.id = v.model_id
            """;

    static VersionRow read(ResultSet row, StoredJson json) throws SQLException {
        String framework = row.getString("framework");
        return new VersionRow(
                new ModelVersionId(row.getObject("id", UUID.class)),
                new ModelId(row.getObject("model_id", UUID.class)),
                new TenantId(row.getObject("tenant_id", UUID.class)),
                new ModelName(row.getString("owner"), row.getString("model_name")),
                row.getInt("number"),
                VersionState.valueOf(row.getString("state")),
                row.getString("rejection"),
                framework == null ? null : Framework.valueOf(framework),
                json.signature(row.getString("signature")),
                json.settings(row.getString("settings")),
                files(row),
                row.getString("description"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getString("created_by"),
                List.of((String[]) row.getArray("aliases").getArray()));
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

    /** Who made a foreign version is its owner's business. */
    ModelVersion toVersion(TenantId viewer) {
        return new ModelVersion(
                id,
                model,
                number,
                state,
                rejection,
                framework,
                signature,
                settings,
                files,
                files.stream().mapToLong(ModelFile::bytes).sum(),
                description,
                createdAt,
                tenantId.equals(viewer) ? createdBy : "tenant:" + model.tenant(),
                aliases);
    }
}
