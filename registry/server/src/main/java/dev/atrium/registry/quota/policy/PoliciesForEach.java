package dev.atrium.registry.quota.policy;

import dev.atrium.registry.api.quota.PlanLimit;
import dev.atrium.registry.api.quota.PlanOrigin;
import dev.atrium.registry.api.quota.PlanScope;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.PolicySubject;
import dev.atrium.registry.api.tenancy.TenantId;
import java.util.List;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Policies that a plan makes for each project or key of the tenant in scope: ten thousand as fast
 * as one. Whoever changes them holds {@link PolicyService#lock}.
 *
 * @see "docs/adr/0020-limits-for-each-key.md"
 */
@Service
@Transactional
public class PoliciesForEach {
    private final EachPolicyStore policies;
    private final Subjects subjects;
    private final PolicyDrafts drafts;
    private final PolicyFeed feed;
    private final PolicyProperties properties;

    PoliciesForEach(
            EachPolicyStore policies,
            Subjects subjects,
            PolicyDrafts drafts,
            PolicyFeed feed,
            PolicyProperties properties) {
        this.policies = policies;
        this.subjects = subjects;
        this.drafts = drafts;
        this.feed = feed;
        this.properties = properties;
    }

    /** Those that there are now: every project, and every key with which calls can be made. */
    @Transactional(readOnly = true)
    public List<PolicySubject> subjects(TenantId tenant, PlanScope each) {
        return switch (each) {
            case EACH_PROJECT -> subjects.projects(tenant);
            case EACH_API_KEY -> subjects.keys(tenant, drafts.now());
            case TENANT, MODEL -> throw new IllegalArgumentException(each + " is for one");
        };
    }

    /**
     * Makes one for each of these.
     *
     * @param limit as a plan keeps it, with every default filled in
     */
    public void create(
            TenantId tenant,
            PlanOrigin plan,
            PlanLimit limit,
            String actor,
            List<PolicySubject> each) {
        long wanted = policies.count(tenant) + each.size();
        if (wanted > properties.maxForEach()) {
            throw PolicyConflictException.tooManyForEach(wanted, properties.maxForEach());
        }
        policies.insert(tenant, plan, limit, actor, each, drafts.now()).forEach(feed::publish);
    }

    /** Gives these the figures of the limit; all of them or none. */
    public void update(TenantId tenant, List<Policy> present, PlanLimit limit) {
        List<Policy> changed = policies.update(tenant, present, limit, drafts.now());
        requireAll(present, changed.size());
        changed.forEach(feed::publish);
    }

    /** Takes these away; all of them or none. */
    public void delete(TenantId tenant, List<Policy> present) {
        requireAll(present, policies.delete(tenant, present, drafts.now()));
        present.forEach(feed::remove);
    }

    private static void requireAll(List<Policy> wanted, int done) {
        if (done != wanted.size()) {
            throw PolicyConflictException.changedMeanwhile();
        }
    }
}
