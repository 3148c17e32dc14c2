package dev.atrium.registry.quota.plan;

import dev.atrium.registry.api.quota.PlanLimit;
import dev.atrium.registry.api.quota.PlanOrigin;
import dev.atrium.registry.api.quota.PlanScope;
import dev.atrium.registry.api.quota.PolicySubject;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.apikey.ApiKeyCreated;
import dev.atrium.registry.audit.AuditLog;
import dev.atrium.registry.quota.policy.PoliciesForEach;
import dev.atrium.registry.quota.policy.PolicyService;
import dev.atrium.registry.tenancy.ProjectCreated;
import java.util.List;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Gives a new project or key, in the transaction that makes it, what the tenant's plan says for
 * each, so that no call of it is ever made without.
 */
@Component
class PlanDefaults {
    private final PlanUseStore uses;
    private final PolicyService policies;
    private final PoliciesForEach each;
    private final AuditLog audit;

    PlanDefaults(PlanUseStore uses, PolicyService policies, PoliciesForEach each, AuditLog audit) {
        this.uses = uses;
        this.policies = policies;
        this.each = each;
        this.audit = audit;
    }

    @EventListener
    void give(ApiKeyCreated created) {
        give(
                created.tenant(),
                PlanScope.EACH_API_KEY,
                new PolicySubject(null, created.keyId(), null),
                "api_key:" + created.keyId());
    }

    @EventListener
    void give(ProjectCreated created) {
        give(
                created.tenant(),
                PlanScope.EACH_PROJECT,
                new PolicySubject(created.project(), null, null),
                "project:" + created.project());
    }

    private void give(TenantId tenant, PlanScope scope, PolicySubject subject, String name) {
        // Before the look: whoever applies a plan meanwhile sees this one, or is seen here.
        policies.lock(tenant);
        uses.find(tenant)
                .ifPresent(use -> {
                    List<PlanLimit> given =
                            use.defaults().stream()
                                    .filter(limit -> limit.scope() == scope)
                                    .toList();
                    for (PlanLimit limit : given) {
                        PlanOrigin origin = new PlanOrigin(use.planId(), limit.name());
                        each.create(tenant, origin, limit, use.appliedBy(), List.of(subject));
                    }
                    if (!given.isEmpty()) {
                        audit.record(
                                "quota_plan.given",
                                name,
                                use.planId() + ", limits " + given.size());
                    }
                });
    }
}
