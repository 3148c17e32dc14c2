package dev.atrium.registry.catalog;

import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.paging.Window;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Finds versions by model and number; row level security decides which are there. */
@Component
class VersionLookup {
    private final JdbcClient jdbc;
    private final ModelLookup models;
    private final StoredJson json;

    VersionLookup(JdbcClient jdbc, ModelLookup models, StoredJson json) {
        this.jdbc = jdbc;
        this.models = models;
        this.json = json;
    }

    /** A version that the tenant may see: its own in any state, foreign ones when READY. */
    VersionRow visible(TenantId viewer, String tenant, String name, int number) {
        return find(models.visible(tenant, name), viewer, number)
                .orElseThrow(ModelNotFoundException::new);
    }

    VersionRow own(TenantId owner, String tenant, String name, int number) {
        return find(models.own(owner, tenant, name), owner, number)
                .orElseThrow(ModelNotFoundException::new);
    }

    private Optional<VersionRow> find(ModelRow model, TenantId viewer, int number) {
        return jdbc.sql(
                        VersionRow.SELECT
                                + """
                                WHERE v.model_id = ? AND v.number = ?
                                  AND (v.tenant_id = ? OR v.state = 'READY')
                                """)
                .params(model.id().value(), number, viewer.value())
                .query((row, index) -> VersionRow.read(row, json))
                .optional();
    }

    /** Newest first, from below the window's number on. */
    List<VersionRow> list(ModelRow model, TenantId viewer, Window window) {
        int below = window.after().map(Integer::valueOf).orElse(Integer.MAX_VALUE);
        return jdbc.sql(
                        VersionRow.SELECT
                                + """
                                WHERE v.model_id = ? AND v.number < ?
                                  AND (v.tenant_id = ? OR v.state = 'READY')
                                ORDER BY v.number DESC LIMIT ?
                                """)
                .params(model.id().value(), below, viewer.value(), window.fetch())
                .query((row, index) -> VersionRow.read(row, json))
                .list();
    }
}
