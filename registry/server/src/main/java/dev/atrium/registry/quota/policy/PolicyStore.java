package dev.atrium.registry.quota.policy;

import dev.atrium.registry.api.quota.PlanOrigin;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.PolicySubject;
import dev.atrium.registry.api.tenancy.TenantId;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The rows of policies, in the tenant's transaction. */
@Component
class PolicyStore {
    private final JdbcClient jdbc;

    PolicyStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Those that people made one by one. Until the transaction ends nobody else counts this
     * tenant's policies to make one more.
     */
    long countExclusively(TenantId tenant) {
        jdbc.sql("SELECT id FROM tenant WHERE id = ? FOR NO KEY UPDATE")
                .param(tenant.value())
                .query(UUID.class)
                .single();
        return jdbc.sql(
                        """
                        SELECT count(*) FROM quota_policy
                        WHERE tenant_id = ? AND deleted_at IS NULL AND NOT made_for_each
                        """)
                .param(tenant.value())
                .query(Long.class)
                .single();
    }

    /** The id and revision are given by the database. */
    Policy insert(Policy policy) {
        PolicySubject subject = policy.subject();
        PlanOrigin plan = policy.plan();
        return jdbc.sql(
                        """
                        INSERT INTO quota_policy (
                            tenant_id, name, project_id, api_key_id, model_name, unit, time_window,
                            amount, burst, mode, warn_percent, origin, created_by, created_at,
                            updated_at, currency, plan_id, plan_limit)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *
                        """)
                .params(
                        Arrays.asList(
                                policy.tenantId().value(),
                                policy.name(),
                                subject.projectId() == null ? null : subject.projectId().value(),
                                subject.apiKeyId(),
                                subject.model() == null ? null : subject.model().toString(),
                                policy.unit().name(),
                                policy.window().name(),
                                policy.amount(),
                                policy.burst(),
                                policy.mode().name(),
                                policy.warnPercent(),
                                policy.origin().name(),
                                policy.createdBy(),
                                policy.createdAt().atOffset(ZoneOffset.UTC),
                                policy.updatedAt().atOffset(ZoneOffset.UTC),
                                policy.currency(),
                                plan == null ? null : plan.planId().value(),
                                plan == null ? null : plan.limit()))
                .query(PolicyRow::policy)
                .single();
    }

    Optional<Policy> find(TenantId tenant, PolicyId id) {
        return select(tenant, id, "");
    }

    Optional<Policy> findForUpdate(TenantId tenant, PolicyId id) {
        return select(tenant, id, " FOR UPDATE");
    }

    private Optional<Policy> select(TenantId tenant, PolicyId id, String lock) {
        return jdbc.sql(
                        "SELECT * FROM quota_policy WHERE tenant_id = ? AND id = ? AND deleted_at"
                                + " IS NULL"
                                + lock)
                .params(tenant.value(), id.value())
                .query(PolicyRow::policy)
                .optional();
    }

    /** Newest first. */
    List<Policy> below(TenantId tenant, UUID below, int limit) {
        return jdbc.sql(
                        """
                        SELECT * FROM quota_policy
                        WHERE tenant_id = ? AND deleted_at IS NULL AND id < ?
                        ORDER BY id DESC LIMIT ?
                        """)
                .params(tenant.value(), below, limit)
                .query(PolicyRow::policy)
                .list();
    }

    /** Those that were made from plans, the oldest first. */
    List<Policy> ofPlans(TenantId tenant) {
        return jdbc.sql(
                        """
                        SELECT * FROM quota_policy
                        WHERE tenant_id = ? AND deleted_at IS NULL AND plan_id IS NOT NULL
                        ORDER BY id
                        """)
                .param(tenant.value())
                .query(PolicyRow::policy)
                .list();
    }

    /** Writes what may change; the revision grows. */
    Policy update(Policy changed) {
        return jdbc.sql(
                        """
                        UPDATE quota_policy SET name = ?, amount = ?, burst = ?, mode = ?,
                            warn_percent = ?, updated_at = ?, revision = revision + 1
                        WHERE tenant_id = ? AND id = ? RETURNING *
                        """)
                .params(
                        Arrays.asList(
                                changed.name(),
                                changed.amount(),
                                changed.burst(),
                                changed.mode().name(),
                                changed.warnPercent(),
                                changed.updatedAt().atOffset(ZoneOffset.UTC),
                                changed.tenantId().value(),
                                changed.id().value()))
                .query(PolicyRow::policy)
                .single();
    }

    void delete(TenantId tenant, PolicyId id, Instant now) {
        jdbc.sql(
                        """
                        UPDATE quota_policy SET deleted_at = ?, revision = revision + 1
                        WHERE tenant_id = ? AND id = ?
                        """)
                .params(now.atOffset(ZoneOffset.UTC), tenant.value(), id.value())
                .update();
    }
}
