package dev.atrium.registry.catalog;

import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.tenancy.TenantId;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Finds models by name; row level security decides which are there. */
@Component
class ModelLookup {
    private final JdbcClient jdbc;

    ModelLookup(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** A model that the tenant in scope may see. */
    ModelRow visible(String tenant, String name) {
        return find(tenant, name).orElseThrow(ModelNotFoundException::new);
    }

    /** A model of the caller's own tenant; a visible foreign one is as absent, for it changes. */
    ModelRow own(TenantId owner, String tenant, String name) {
        return find(tenant, name)
                .filter(model -> model.tenantId().equals(owner))
                .orElseThrow(ModelNotFoundException::new);
    }

    Optional<ModelRow> find(String tenant, String name) {
        if (!ModelName.isValidPart(tenant) || !ModelName.isValidPart(name)) {
            return Optional.empty();
        }
        return jdbc.sql(ModelRow.SELECT + " WHERE m.name = ? AND tenant_slug(m.tenant_id) = ?")
                .params(name, tenant)
                .query(ModelRow::read)
                .optional();
    }

    /** The name of a model that the tenant would make; its own slug is the first part. */
    ModelName nameFor(TenantId tenant, String name) {
        if (ModelName.isReserved(name)) {
            throw new ModelNameReservedException(name);
        }
        if (!ModelName.isValidPart(name)) {
            throw new dev.atrium.registry.error.InvalidRequestException(
                    "'name' is '"
                            + name
                            + "' but must be 1 to 64 of a-z 0-9 . _ - and begin with a letter or"
                            + " digit");
        }
        String slug =
                jdbc.sql("SELECT tenant_slug(?)")
                        .param(tenant.value())
                        .query(String.class)
                        .single();
        return new ModelName(slug, name);
    }
}
