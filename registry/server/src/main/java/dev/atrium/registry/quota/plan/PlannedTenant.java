package dev.atrium.registry.quota.plan;

import dev.atrium.registry.api.quota.PlanLimit;
import dev.atrium.registry.api.quota.PlanOrigin;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.PolicySubject;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What plans have to do with a tenant now.
 *
 * @param policies made from whatever plan
 * @param use the plan that was applied last; null for none, and for one applied by a version that
 *     knew limits of whole tenants only
 * @param projects all there are
 * @param keys those with which calls can be made
 */
record PlannedTenant(
        List<Policy> policies,
        @Nullable PlanUse use,
        Set<PolicySubject> projects,
        Set<PolicySubject> keys) {
    static PlannedTenant of(
            List<Policy> policies,
            @Nullable PlanUse use,
            List<PolicySubject> projects,
            List<PolicySubject> keys) {
        return new PlannedTenant(
                policies, use, new LinkedHashSet<>(projects), new LinkedHashSet<>(keys));
    }

    /** Of whom a policy is made from this limit. */
    Set<PolicySubject> subjects(PlanLimit limit) {
        return switch (limit.scope()) {
            case TENANT -> Set.of(PolicySubject.TENANT);
            case MODEL -> Set.of(new PolicySubject(null, null, limit.model()));
            case EACH_PROJECT -> projects;
            case EACH_API_KEY -> keys;
        };
    }

    /** Without those of keys that are gone, which are taken away by themselves. */
    List<Policy> living() {
        return policies.stream()
                .filter(policy ->
                        policy.subject().apiKeyId() == null || keys.contains(policy.subject()))
                .toList();
    }

    List<PlanLimit> defaults() {
        return use == null ? List.of() : use.defaults();
    }

    /** What by this limit each project or key gets that is made now. */
    Optional<PlanLimit> given(PlanOrigin origin) {
        return use == null || !use.planId().equals(origin.planId())
                ? Optional.empty()
                : use.defaults().stream()
                        .filter(limit -> limit.name().equals(origin.limit()))
                        .findFirst();
    }
}
