package dev.atrium.registry.quota.policy;

import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.quota.Mode;
import dev.atrium.registry.api.quota.Origin;
import dev.atrium.registry.api.quota.PlanId;
import dev.atrium.registry.api.quota.PlanOrigin;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.PolicySubject;
import dev.atrium.registry.api.quota.Unit;
import dev.atrium.registry.api.quota.Window;
import dev.atrium.registry.api.tenancy.ProjectId;
import dev.atrium.registry.api.tenancy.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads policies from rows that have all columns of {@code quota_policy} by their names. */
public final class PolicyRow {
    private PolicyRow() {}

    public static Policy policy(ResultSet row, int number) throws SQLException {
        return new Policy(
                new PolicyId(row.getObject("id", UUID.class)),
                new TenantId(row.getObject("tenant_id", UUID.class)),
                row.getString("name"),
                subject(row),
                Unit.valueOf(row.getString("unit")),
                Window.valueOf(row.getString("time_window")),
                row.getLong("amount"),
                row.getObject("burst", Long.class),
                Mode.valueOf(row.getString("mode")),
                row.getInt("warn_percent"),
                Origin.valueOf(row.getString("origin")),
                row.getString("created_by"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("updated_at", OffsetDateTime.class).toInstant(),
                row.getInt("revision"),
                row.getString("currency"),
                plan(row));
    }

    private static @Nullable PlanOrigin plan(ResultSet row) throws SQLException {
        @Nullable UUID plan = row.getObject("plan_id", UUID.class);
        return plan == null ? null : new PlanOrigin(new PlanId(plan), row.getString("plan_limit"));
    }

    private static PolicySubject subject(ResultSet row) throws SQLException {
        @Nullable UUID project = row.getObject("project_id", UUID.class);
        @Nullable String model = row.getString("model_name");
        return new PolicySubject(
                project == null ? null : new ProjectId(project),
                row.getString("api_key_id"),
                model == null ? null : ModelName.of(model));
    }
}
