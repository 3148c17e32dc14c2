package dev.atrium.registry.quota.policy;

import static dev.atrium.registry.quota.window.Windows.atUtc;

import dev.atrium.registry.api.quota.PlanLimit;
import dev.atrium.registry.api.quota.PlanOrigin;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.PolicySubject;
import dev.atrium.registry.api.tenancy.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The rows of policies that plans make for each project and key, many in one statement. */
@Component
class EachPolicyStore {
    private final JdbcClient jdbc;
    private final JdbcClient platform;

    EachPolicyStore(JdbcClient jdbc, @Qualifier("platformJdbc") JdbcClient platform) {
        this.jdbc = jdbc;
        this.platform = platform;
    }

    long count(TenantId tenant) {
        return jdbc.sql(
                        """
                        SELECT count(*) FROM quota_policy
                        WHERE tenant_id = ? AND made_for_each AND deleted_at IS NULL
                        """)
                .param(tenant.value())
                .query(Long.class)
                .single();
    }

    List<Policy> insert(
            TenantId tenant,
            PlanOrigin plan,
            PlanLimit limit,
            String actor,
            List<PolicySubject> each,
            Instant now) {
        return jdbc.sql(
                        """
                        INSERT INTO quota_policy (
                            tenant_id, name, project_id, api_key_id, unit, time_window, amount,
                            burst, mode, warn_percent, origin, created_by, created_at, updated_at,
                            currency, plan_id, plan_limit, made_for_each)
                        SELECT :tenant, :name, s.project, s.key, :unit, :window, :amount, :burst::bigint,
                               :mode, :warn, 'PLATFORM', :actor, :now, :now, :currency::text, :plan,
                               :limit, true
                        FROM unnest(:projects::uuid[], :keys::text[]) AS s(project, key)
                        RETURNING *
                        """)
                .param("tenant", tenant.value())
                .param("name", limit.name())
                .param("unit", limit.unit().name())
                .param("window", limit.window().name())
                .param("amount", limit.amount())
                .param("burst", limit.burst())
                .param("mode", String.valueOf(limit.mode()))
                .param("warn", limit.warnPercent())
                .param("actor", actor)
                .param("now", atUtc(now))
                .param("currency", limit.currency())
                .param("plan", plan.planId().value())
                .param("limit", plan.limit())
                .param("projects", each.stream().map(EachPolicyStore::project).toArray(UUID[]::new))
                .param("keys", each.stream().map(PolicySubject::apiKeyId).toArray(String[]::new))
                .query(PolicyRow::policy)
                .list();
    }

    private static @Nullable UUID project(PolicySubject subject) {
        return subject.projectId() == null ? null : subject.projectId().value();
    }

    /** Those that are still as they were read; their revisions grow. */
    List<Policy> update(TenantId tenant, List<Policy> present, PlanLimit limit, Instant now) {
        return jdbc.sql(
                        """
                        UPDATE quota_policy p SET amount = :amount, burst = :burst::bigint, mode = :mode,
                            warn_percent = :warn, updated_at = :now, revision = p.revision + 1
                        FROM unnest(:ids::uuid[], :revisions::integer[]) AS k(id, revision)
                        WHERE p.tenant_id = :tenant AND p.id = k.id AND p.revision = k.revision
                          AND p.deleted_at IS NULL
                        RETURNING p.*
                        """)
                .param("amount", limit.amount())
                .param("burst", limit.burst())
                .param("mode", String.valueOf(limit.mode()))
                .param("warn", limit.warnPercent())
                .param("now", atUtc(now))
                .param("tenant", tenant.value())
                .param("ids", ids(present))
                .param("revisions", revisions(present))
                .query(PolicyRow::policy)
                .list();
    }

    /** Those that are still as they were read. */
    int delete(TenantId tenant, List<Policy> present, Instant now) {
        return jdbc.sql(
                        """
                        UPDATE quota_policy p SET deleted_at = :now, revision = p.revision + 1
                        FROM unnest(:ids::uuid[], :revisions::integer[]) AS k(id, revision)
                        WHERE p.tenant_id = :tenant AND p.id = k.id AND p.revision = k.revision
                          AND p.deleted_at IS NULL
                        """)
                .param("now", atUtc(now))
                .param("tenant", tenant.value())
                .param("ids", ids(present))
                .param("revisions", revisions(present))
                .update();
    }

    /** Takes away those of keys that are of no more use; in the platform's transaction. */
    List<Policy> deleteOfGoneKeys(Instant now, int most) {
        return platform.sql(
                        """
                        UPDATE quota_policy SET deleted_at = :now, revision = revision + 1
                        WHERE deleted_at IS NULL AND id IN (
                            SELECT p.id FROM quota_policy p JOIN api_key k ON k.id = p.api_key_id
                            WHERE p.made_for_each AND p.deleted_at IS NULL
                              AND (k.revoked_at IS NOT NULL OR k.expires_at <= :now)
                            LIMIT :most)
                        RETURNING *
                        """)
                .param("now", atUtc(now))
                .param("most", most)
                .query(PolicyRow::policy)
                .list();
    }

    private static UUID[] ids(List<Policy> policies) {
        return policies.stream().map(policy -> policy.id().value()).toArray(UUID[]::new);
    }

    private static Integer[] revisions(List<Policy> policies) {
        return policies.stream().map(Policy::revision).toArray(Integer[]::new);
    }
}
