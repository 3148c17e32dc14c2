package dev.atrium.registry.quota.plan;

import dev.atrium.registry.api.quota.CreatePolicy;
import dev.atrium.registry.api.quota.Origin;
import dev.atrium.registry.api.quota.Plan;
import dev.atrium.registry.api.quota.PlanChange.Kind;
import dev.atrium.registry.api.quota.PlanLimit;
import dev.atrium.registry.api.quota.PlanOrigin;
import dev.atrium.registry.api.quota.PlanPreview;
import dev.atrium.registry.api.quota.PlanScope;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.PolicySubject;
import dev.atrium.registry.api.quota.UpdatePolicy;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.audit.AuditLog;
import dev.atrium.registry.identity.Caller;
import dev.atrium.registry.quota.policy.PoliciesForEach;
import dev.atrium.registry.quota.policy.PolicyService;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Makes the policies of the tenant in scope what a plan says; all of it or nothing. */
@Service
@Transactional
class PlanApplication {
    private final PolicyService policies;
    private final PoliciesForEach each;
    private final PlanUseStore uses;
    private final AuditLog audit;

    PlanApplication(
            PolicyService policies, PoliciesForEach each, PlanUseStore uses, AuditLog audit) {
        this.policies = policies;
        this.each = each;
        this.uses = uses;
        this.audit = audit;
    }

    @Transactional(readOnly = true)
    public PlanPreview preview(TenantId tenant, Plan plan) {
        PlannedTenant planned = planned(tenant);
        return PlanPreviews.of(plan, planned, PlanDifference.between(planned, plan));
    }

    private PlannedTenant planned(TenantId tenant) {
        return PlannedTenant.of(
                policies.ofPlans(tenant),
                uses.find(tenant).orElse(null),
                each.subjects(tenant, PlanScope.EACH_PROJECT),
                each.subjects(tenant, PlanScope.EACH_API_KEY));
    }

    /**
     * Nobody else makes policies, projects or keys of this tenant meanwhile; who changes a policy
     * makes this fail.
     *
     * @return the policies of plans, without those for each project and key
     */
    public List<Policy> apply(TenantId tenant, Plan plan, String digest, Caller caller) {
        policies.lock(tenant);
        PlannedTenant planned = planned(tenant);
        List<PlanStep> steps = PlanDifference.between(planned, plan);
        if (!PlanPreviews.of(plan, planned, steps).digest().equals(digest)) {
            throw PlanConflictException.otherPreview();
        }
        requireFits(tenant, plan, steps);
        try {
            carryOut(tenant, steps, caller);
            uses.put(tenant, use(plan, caller));
        } catch (DataIntegrityViolationException deletedMeanwhile) {
            throw new PlanNotFoundException();
        }
        audit.record("quota_plan.applied", PlanService.subjectOf(plan.id()), describe(plan, steps));
        return policies.ofPlans(tenant).stream()
                .filter(policy ->
                        policy.subject().projectId() == null && policy.subject().apiKeyId() == null)
                .toList();
    }

    private static PlanUse use(Plan plan, Caller caller) {
        return new PlanUse(
                plan.id(),
                plan.limits().stream().filter(limit -> limit.scope().isEach()).toList(),
                caller.actor());
    }

    private void requireFits(TenantId tenant, Plan plan, List<PlanStep> steps) {
        for (PlanLimit limit : plan.limits()) {
            boolean isMade =
                    limit.scope().isEach()
                            || steps.stream()
                                    .anyMatch(step ->
                                            step.kind() == Kind.CREATE
                                                    && limit.equals(step.limit()));
            String currency = limit.currency();
            if (isMade && currency != null && !currency.equals(policies.currencyOf(tenant))) {
                throw PlanConflictException.otherCurrency(limit.name(), currency);
            }
            if (isMade && limit.model() != null && !policies.sees(limit.model())) {
                throw PlanConflictException.unseenModel(limit.name(), limit.model());
            }
        }
    }

    private void carryOut(TenantId tenant, List<PlanStep> steps, Caller caller) {
        // What is removed makes room for what is made.
        for (Kind kind : List.of(Kind.REMOVE, Kind.UPDATE, Kind.CREATE)) {
            Map<PlanOrigin, List<PlanStep>> together = new LinkedHashMap<>();
            for (PlanStep step : steps) {
                if (step.kind() != kind) {
                    continue;
                }
                if (step.isOfEach()) {
                    together.computeIfAbsent(step.origin(), origin -> new ArrayList<>()).add(step);
                } else {
                    carryOut(tenant, step, caller);
                }
            }
            together.values().forEach(those -> carryOut(tenant, kind, those, caller));
        }
    }

    /** Those of one limit for each project or key. */
    private void carryOut(TenantId tenant, Kind kind, List<PlanStep> those, Caller caller) {
        PlanStep first = those.getFirst();
        switch (kind) {
            case KEEP -> {}
            case REMOVE -> each.delete(tenant, present(those));
            case UPDATE -> each.update(tenant, present(those), first.wanted());
            case CREATE ->
                    each.create(
                            tenant,
                            first.origin(),
                            first.wanted(),
                            caller.actor(),
                            those.stream().map(PlanStep::subject).toList());
        }
    }

    private static List<Policy> present(List<PlanStep> steps) {
        return steps.stream().map(PlanStep::present).toList();
    }

    private void carryOut(TenantId tenant, PlanStep step, Caller caller) {
        switch (step.kind()) {
            case KEEP -> {}
            case REMOVE -> policies.delete(tenant, Origin.PLATFORM, step.present().id());
            case UPDATE ->
                    policies.update(tenant, Origin.PLATFORM, step.present().id(), figures(step));
            case CREATE ->
                    policies.createOfPlan(
                            tenant, step.origin(), caller, policy(step.subject(), step.wanted()));
        }
    }

    private static UpdatePolicy figures(PlanStep step) {
        PlanLimit limit = step.wanted();
        return new UpdatePolicy(
                step.present().revision(),
                null,
                limit.amount(),
                limit.burst(),
                limit.mode(),
                limit.warnPercent());
    }

    private static CreatePolicy policy(PolicySubject subject, PlanLimit limit) {
        return new CreatePolicy(
                limit.name(),
                subject,
                limit.unit(),
                limit.window(),
                limit.amount(),
                limit.burst(),
                limit.mode(),
                limit.warnPercent());
    }

    private static String describe(Plan plan, List<PlanStep> done) {
        StringBuilder said = new StringBuilder("revision " + plan.revision());
        for (Kind kind : Kind.values()) {
            long count = done.stream().filter(step -> step.kind() == kind).count();
            said.append(", ").append(kind).append(' ').append(count);
        }
        return said.toString();
    }
}
