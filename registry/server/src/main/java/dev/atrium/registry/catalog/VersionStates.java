package dev.atrium.registry.catalog;

import dev.atrium.registry.api.catalog.ModelVersionId;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.tenancy.TenantId;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The steps of a version from UPLOADING on. Each runs in the caller's transaction. */
@Component
class VersionStates {
    private final JdbcClient jdbc;
    private final StoredJson json;

    VersionStates(JdbcClient jdbc, StoredJson json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /** Whoever changes a version holds this until its commit. */
    void lock(TenantId owner, ModelVersionId version) {
        jdbc.sql("SELECT FROM model_version WHERE tenant_id = ? AND id = ? FOR UPDATE")
                .params(owner.value(), version.value())
                .query((row, index) -> version)
                .optional()
                .orElseThrow(ModelNotFoundException::new);
    }

    void toInspecting(VersionRow version) {
        jdbc.sql(
                        """
                        UPDATE model_version SET state = 'INSPECTING', revision = revision + 1
                        WHERE tenant_id = ? AND id = ?
                        """)
                .params(version.tenantId().value(), version.id().value())
                .update();
    }

    void toRejected(VersionRow version, String reason) {
        jdbc.sql(
                        """
                        UPDATE model_version
                        SET state = 'REJECTED', rejection = ?, revision = revision + 1
                        WHERE tenant_id = ? AND id = ?
                        """)
                .params(reason, version.tenantId().value(), version.id().value())
                .update();
        jdbc.sql("DELETE FROM model_file WHERE tenant_id = ? AND version_id = ?")
                .params(version.tenantId().value(), version.id().value())
                .update();
    }

    void toReady(VersionRow version, VersionVerdict.Ready ready) {
        jdbc.sql(
                        """
                        UPDATE model_version
                        SET state = 'READY', framework = ?, signature = ?::jsonb,
                            settings = ?::jsonb, revision = revision + 1
                        WHERE tenant_id = ? AND id = ?
                        """)
                .params(
                        ready.framework().name(),
                        json.write(ready.signature()),
                        json.write(ready.settings()),
                        version.tenantId().value(),
                        version.id().value())
                .update();
        decideTask(version, ready.task());
    }

    private void decideTask(VersionRow version, Task task) {
        jdbc.sql(
                        """
                        UPDATE model SET task = ?, task_given = true, updated_at = now()
                        WHERE tenant_id = ? AND id = ?
                        """)
                .params(task.name(), version.tenantId().value(), version.modelId().value())
                .update();
    }
}
