package dev.atrium.registry.quota.plan;

import dev.atrium.registry.api.quota.PlanId;
import dev.atrium.registry.api.quota.PlanLimit;
import dev.atrium.registry.api.tenancy.TenantId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Which plan was applied to which tenant, in the tenant's transaction. */
@Component
class PlanUseStore {
    private final JdbcClient jdbc;
    private final JsonMapper json;

    PlanUseStore(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    Optional<PlanUse> find(TenantId tenant) {
        return jdbc.sql("SELECT * FROM quota_plan_use WHERE tenant_id = ?")
                .param(tenant.value())
                .query((row, number) ->
                        new PlanUse(
                                new PlanId(row.getObject("plan_id", UUID.class)),
                                List.of(
                                        json.readValue(
                                                row.getString("defaults"), PlanLimit[].class)),
                                row.getString("applied_by")))
                .optional();
    }

    /** In place of the former one. */
    void put(TenantId tenant, PlanUse use) {
        jdbc.sql(
                        """
                        INSERT INTO quota_plan_use (tenant_id, plan_id, defaults, applied_by)
                        VALUES (?, ?, ?::jsonb, ?)
                        ON CONFLICT (tenant_id) DO UPDATE SET
                            plan_id = excluded.plan_id, defaults = excluded.defaults,
                            applied_by = excluded.applied_by, applied_at = now()
                        """)
                .params(
                        tenant.value(),
                        use.planId().value(),
                        json.writeValueAsString(use.defaults()),
                        use.appliedBy())
                .update();
    }
}
