package dev.atrium.registry.quota.plan;

import dev.atrium.registry.api.quota.CreatePolicy;
import dev.atrium.registry.api.quota.Origin;
import dev.atrium.registry.api.quota.Plan;
import dev.atrium.registry.api.quota.PlanChange;
import dev.atrium.registry.api.quota.PlanLimit;
import dev.atrium.registry.api.quota.PlanOrigin;
import dev.atrium.registry.api.quota.PlanPreview;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.UpdatePolicy;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.audit.AuditLog;
import dev.atrium.registry.identity.Caller;
import dev.atrium.registry.quota.policy.PolicyService;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Makes the policies of the tenant in scope what a plan says; all of it or nothing. */
@Service
@Transactional
class PlanApplication {
    private final PolicyService policies;
    private final AuditLog audit;

    PlanApplication(PolicyService policies, AuditLog audit) {
        this.policies = policies;
        this.audit = audit;
    }

    @Transactional(readOnly = true)
    public PlanPreview preview(TenantId tenant, Plan plan) {
        return PlanDifference.of(plan, policies.ofPlans(tenant));
    }

    /** Nobody else makes policies of this tenant meanwhile; who changes one makes this fail. */
    public List<Policy> apply(TenantId tenant, Plan plan, String digest, Caller caller) {
        policies.lock(tenant);
        PlanPreview now = preview(tenant, plan);
        if (!now.digest().equals(digest)) {
            throw PlanConflictException.otherPreview();
        }
        now.changes().stream()
                // What is removed makes room for what is made.
                .sorted(Comparator.comparing(change -> change.kind() != PlanChange.Kind.REMOVE))
                .forEach(change -> carryOut(change, tenant, plan, caller));
        audit.record("quota_plan.applied", PlanService.subjectOf(plan.id()), describe(now));
        return policies.ofPlans(tenant);
    }

    private void carryOut(PlanChange change, TenantId tenant, Plan plan, Caller caller) {
        switch (change.kind()) {
            case KEEP -> {}
            case REMOVE -> policies.delete(tenant, Origin.PLATFORM, policy(change).id());
            case UPDATE -> update(tenant, policy(change), wanted(change));
            case CREATE -> create(tenant, plan, wanted(change), caller);
        }
    }

    private void update(TenantId tenant, Policy policy, PlanLimit limit) {
        policies.update(
                tenant,
                Origin.PLATFORM,
                policy.id(),
                new UpdatePolicy(
                        policy.revision(),
                        null,
                        limit.amount(),
                        limit.burst(),
                        limit.mode(),
                        limit.warnPercent()));
    }

    private void create(TenantId tenant, Plan plan, PlanLimit limit, Caller caller) {
        try {
            Policy made =
                    policies.createOfPlan(
                            tenant,
                            new PlanOrigin(plan.id(), limit.name()),
                            caller,
                            new CreatePolicy(
                                    limit.name(),
                                    null,
                                    limit.unit(),
                                    limit.window(),
                                    limit.amount(),
                                    limit.burst(),
                                    limit.mode(),
                                    limit.warnPercent()));
            if (!Objects.equals(made.currency(), limit.currency())) {
                throw PlanConflictException.otherCurrency(
                        limit.name(), String.valueOf(limit.currency()));
            }
        } catch (DataIntegrityViolationException deletedMeanwhile) {
            throw new PlanNotFoundException();
        }
    }

    private static Policy policy(PlanChange change) {
        return Objects.requireNonNull(change.policy(), "what is changed or removed is there");
    }

    private static PlanLimit wanted(PlanChange change) {
        return Objects.requireNonNull(change.wanted(), "what is made or changed is wanted");
    }

    private static String describe(PlanPreview done) {
        StringBuilder said = new StringBuilder("revision " + done.revision());
        for (PlanChange.Kind kind : PlanChange.Kind.values()) {
            long count = done.changes().stream().filter(it -> it.kind() == kind).count();
            said.append(", ").append(kind).append(' ').append(count);
        }
        return said.toString();
    }
}
