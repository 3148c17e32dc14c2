package dev.atrium.registry.quota.plan;

import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.quota.CreatePlan;
import dev.atrium.registry.api.quota.Plan;
import dev.atrium.registry.api.quota.PlanId;
import dev.atrium.registry.api.quota.PlanLimit;
import dev.atrium.registry.api.quota.UpdatePlan;
import dev.atrium.registry.audit.AuditLog;
import dev.atrium.registry.error.InvalidRequestException;
import dev.atrium.registry.identity.Caller;
import dev.atrium.registry.paging.PageRequest;
import dev.atrium.registry.paging.Paging;
import dev.atrium.registry.paging.Window;
import dev.atrium.registry.quota.policy.PolicyRules;
import java.util.List;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Plans, seen from the platform, which alone may change them. */
@Service
@Transactional("platformTransactionManager")
class PlanService {
    private final PlanStore plans;
    private final AuditLog audit;
    private final Paging paging;

    PlanService(PlanStore plans, AuditLog audit, Paging paging) {
        this.plans = plans;
        this.audit = audit;
        this.paging = paging;
    }

    public Plan create(CreatePlan wish, Caller caller) {
        String name = PolicyRules.name(wish.name());
        List<PlanLimit> limits = checked(wish.limits());
        try {
            PlanId id = plans.insert(name, limits, caller.actor());
            audit.record("quota_plan.created", subjectOf(id), name + ", limits " + limits.size());
            return get(id);
        } catch (DuplicateKeyException e) {
            throw PlanConflictException.nameTaken(name);
        }
    }

    @Transactional(transactionManager = "platformTransactionManager", readOnly = true)
    public Plan get(PlanId id) {
        return plans.find(id).orElseThrow(PlanNotFoundException::new);
    }

    /** Newest first. */
    @Transactional(transactionManager = "platformTransactionManager", readOnly = true)
    public Page<Plan> list(PageRequest request) {
        Window window = paging.window("quota-plans", request);
        return paging.page(
                window,
                plans.below(window.below(), window.fetch()),
                plan -> plan.id().toString(),
                plan -> plan);
    }

    public Plan update(PlanId id, UpdatePlan wish) {
        String name = PolicyRules.name(wish.name());
        List<PlanLimit> limits = checked(wish.limits());
        Plan present = locked(id);
        if (present.revision() != wish.revision()) {
            throw PlanConflictException.otherRevision(wish.revision(), present.revision());
        }
        try {
            plans.update(id, name, limits);
        } catch (DuplicateKeyException e) {
            throw PlanConflictException.nameTaken(name);
        }
        audit.record(
                "quota_plan.changed",
                subjectOf(id),
                present.name() + " -> " + name + ", limits " + limits.size());
        return get(id);
    }

    public void delete(PlanId id) {
        Plan present = locked(id);
        plans.delete(id);
        audit.record("quota_plan.deleted", subjectOf(id), present.name());
    }

    private List<PlanLimit> checked(List<PlanLimit> wished) {
        List<PlanLimit> limits = PlanRules.checked(wished);
        for (PlanLimit limit : limits) {
            if (limit.model() != null && !plans.isModel(limit.model())) {
                throw new InvalidRequestException(
                        "'limits.model' of '"
                                + limit.name()
                                + "' is "
                                + limit.model()
                                + ", which there is not");
            }
        }
        return limits;
    }

    private Plan locked(PlanId id) {
        return plans.findForUpdate(id).orElseThrow(PlanNotFoundException::new);
    }

    static String subjectOf(PlanId id) {
        return "quota_plan:" + id;
    }
}
