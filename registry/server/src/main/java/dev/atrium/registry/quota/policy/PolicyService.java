package dev.atrium.registry.quota.policy;

import dev.atrium.registry.api.catalog.ModelName;
import dev.atrium.registry.api.paging.Page;
import dev.atrium.registry.api.quota.CreatePolicy;
import dev.atrium.registry.api.quota.Origin;
import dev.atrium.registry.api.quota.PlanOrigin;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.PolicyId;
import dev.atrium.registry.api.quota.UpdatePolicy;
import dev.atrium.registry.api.tenancy.TenantId;
import dev.atrium.registry.audit.AuditLog;
import dev.atrium.registry.error.InvalidRequestException;
import dev.atrium.registry.identity.Caller;
import dev.atrium.registry.paging.PageRequest;
import dev.atrium.registry.paging.Paging;
import dev.atrium.registry.paging.Window;
import java.util.List;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Makes, changes and deletes the policies of the tenant in scope, for its owners and, by the same
 * rules, for the platform.
 */
@Service
@Transactional
public class PolicyService {
    private final PolicyStore policies;
    private final Subjects subjects;
    private final PolicyDrafts drafts;
    private final PolicyFeed feed;
    private final AuditLog audit;
    private final Paging paging;
    private final PolicyProperties properties;

    PolicyService(
            PolicyStore policies,
            Subjects subjects,
            PolicyDrafts drafts,
            PolicyFeed feed,
            AuditLog audit,
            Paging paging,
            PolicyProperties properties) {
        this.policies = policies;
        this.subjects = subjects;
        this.drafts = drafts;
        this.feed = feed;
        this.audit = audit;
        this.paging = paging;
        this.properties = properties;
    }

    public Policy create(TenantId tenant, Origin origin, Caller caller, CreatePolicy wish) {
        return insert(drafts.checked(tenant, origin, caller, wish, null));
    }

    /** As {@link #create}, by the platform; the policy remembers the plan. */
    public Policy createOfPlan(TenantId tenant, PlanOrigin plan, Caller caller, CreatePolicy wish) {
        return insert(drafts.checked(tenant, Origin.PLATFORM, caller, wish, plan));
    }

    /** Until the transaction ends nobody else makes a policy of this tenant. */
    public void lock(TenantId tenant) {
        policies.countExclusively(tenant);
    }

    /**
     * In which the tenant's budgets are.
     *
     * @throws InvalidRequestException where nothing has a price for it
     */
    @Transactional(readOnly = true)
    public String currencyOf(TenantId tenant) {
        return drafts.currencyOf(tenant);
    }

    /** In the tenant's transaction. */
    @Transactional(readOnly = true)
    public boolean sees(ModelName model) {
        return subjects.sees(model);
    }

    /** Those that were made from plans, the oldest first. */
    @Transactional(readOnly = true)
    public List<Policy> ofPlans(TenantId tenant) {
        return policies.ofPlans(tenant);
    }

    private Policy insert(Policy checked) {
        TenantId tenant = checked.tenantId();
        subjects.require(tenant, checked.subject());
        if (policies.countExclusively(tenant) >= properties.maxPerTenant()) {
            throw PolicyConflictException.tooMany(properties.maxPerTenant());
        }
        Policy made = policies.insert(checked);
        feed.publish(made);
        audit.record("quota_policy.created", subjectOf(made), describe(made));
        return made;
    }

    /** Newest first, set by whom ever. */
    @Transactional(readOnly = true)
    public Page<Policy> list(TenantId tenant, PageRequest request) {
        Window window = paging.window("quota-policies", request);
        return paging.page(
                window,
                policies.below(tenant, window.below(), window.fetch()),
                policy -> policy.id().toString(),
                policy -> policy);
    }

    @Transactional(readOnly = true)
    public Policy get(TenantId tenant, PolicyId id) {
        return policies.find(tenant, id).orElseThrow(PolicyNotFoundException::new);
    }

    /**
     * @param as {@link Origin#TENANT} may not change what the platform set
     */
    public Policy update(TenantId tenant, Origin as, PolicyId id, UpdatePolicy wish) {
        Policy present = changeable(tenant, as, id);
        if (present.revision() != wish.revision()) {
            throw PolicyConflictException.otherRevision(wish.revision(), present.revision());
        }
        Policy changed = policies.update(drafts.changed(present, wish));
        feed.publish(changed);
        audit.record(
                "quota_policy.changed",
                subjectOf(changed),
                describe(present) + " -> " + describe(changed));
        return changed;
    }

    /** What was counted stays; nothing is refused by it any more. */
    public void delete(TenantId tenant, Origin as, PolicyId id) {
        Policy present = changeable(tenant, as, id);
        policies.delete(tenant, id, drafts.now());
        feed.remove(present);
        audit.record("quota_policy.deleted", subjectOf(present), describe(present));
    }

    private Policy changeable(TenantId tenant, Origin as, PolicyId id) {
        Policy present =
                policies.findForUpdate(tenant, id).orElseThrow(PolicyNotFoundException::new);
        if (as == Origin.TENANT && present.origin() == Origin.PLATFORM) {
            throw new PlatformPolicyException();
        }
        return present;
    }

    private static String subjectOf(Policy policy) {
        return "quota_policy:" + policy.id();
    }

    private static String describe(Policy policy) {
        return "%s: %d %s per %s%s, %s"
                .formatted(
                        policy.name(),
                        policy.amount(),
                        policy.currency() == null
                                ? policy.unit()
                                : policy.unit() + " " + policy.currency(),
                        policy.window(),
                        policy.burst() == null ? "" : ", burst " + policy.burst(),
                        policy.mode());
    }
}
