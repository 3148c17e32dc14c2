package dev.atrium.registry.quota.plan;

import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.quota.Plan;
import dev.atrium.registry.api.quota.PlanId;
import dev.atrium.registry.api.quota.PlanLimit;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** The rows of plans, in the platform's transaction. */
@Component
class PlanStore {
    private static final String SELECT =
            """
            SELECT n.*, (SELECT count(*) FROM (
                             SELECT p.tenant_id FROM quota_policy p
                             WHERE p.plan_id = n.id AND p.deleted_at IS NULL
                             UNION SELECT u.tenant_id FROM quota_plan_use u
                             WHERE u.plan_id = n.id) AS t) AS tenants
            FROM quota_plan n
            """;

    private final JdbcClient platform;
    private final JsonMapper json;

    PlanStore(@Qualifier("platformJdbc") JdbcClient platform, JsonMapper json) {
        this.platform = platform;
        this.json = json;
    }

    PlanId insert(String name, List<PlanLimit> limits, String actor) {
        return new PlanId(
                platform.sql(
                                """
                                INSERT INTO quota_plan (name, limits, created_by)
                                VALUES (?, ?::jsonb, ?) RETURNING id
                                """)
                        .params(name, json.writeValueAsString(limits), actor)
                        .query(UUID.class)
                        .single());
    }

    /** The revision grows. */
    void update(PlanId id, String name, List<PlanLimit> limits) {
        platform.sql(
                        """
                        UPDATE quota_plan SET name = ?, limits = ?::jsonb, updated_at = now(),
                            revision = revision + 1
                        WHERE id = ?
                        """)
                .params(name, json.writeValueAsString(limits), id.value())
                .update();
    }

    /**
     * Of one that is locked. Its policies stay, as ones that were made without a plan; nothing more
     * is made of it.
     */
    void delete(PlanId id) {
        platform.sql("DELETE FROM quota_plan_use WHERE plan_id = ?").param(id.value()).update();
        platform.sql("UPDATE quota_policy SET plan_id = NULL, plan_limit = NULL WHERE plan_id = ?")
                .param(id.value())
                .update();
        platform.sql("DELETE FROM quota_plan WHERE id = ?").param(id.value()).update();
    }

    Optional<Plan> find(PlanId id) {
        return platform.sql(SELECT + "WHERE n.id = ?")
                .param(id.value())
                .query(this::plan)
                .optional();
    }

    /** Until the transaction ends nobody else changes it, or makes policies of it. */
    Optional<Plan> findForUpdate(PlanId id) {
        return platform.sql(SELECT + "WHERE n.id = ? FOR UPDATE OF n")
                .param(id.value())
                .query(this::plan)
                .optional();
    }

    /** Newest first. */
    List<Plan> below(UUID below, int limit) {
        return platform.sql(SELECT + "WHERE n.id < ? ORDER BY n.id DESC LIMIT ?")
                .params(below, limit)
                .query(this::plan)
                .list();
    }

    boolean isModel(ModelName name) {
        return platform.sql(
                        """
                        SELECT m.id FROM model m JOIN tenant t ON t.id = m.tenant_id
                        WHERE m.name = ? AND t.slug = ?
                        """)
                .params(name.name(), name.tenant())
                .query(UUID.class)
                .optional()
                .isPresent();
    }

    private Plan plan(ResultSet row, int number) throws SQLException {
        return new Plan(
                new PlanId(row.getObject("id", UUID.class)),
                row.getString("name"),
                List.of(json.readValue(row.getString("limits"), PlanLimit[].class)),
                row.getLong("tenants"),
                row.getString("created_by"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("updated_at", OffsetDateTime.class).toInstant(),
                row.getInt("revision"));
    }
}
