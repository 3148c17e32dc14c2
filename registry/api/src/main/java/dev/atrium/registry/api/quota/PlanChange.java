package dev.atrium.registry.api.quota;

import org.jspecify.annotations.Nullable;

/**
 * What applying a plan does to one policy.
 *
 * @param limit name of the limit in the plan
 * @param policy as it is now; null where one is made
 * @param wanted as the plan says; null where the policy is removed
 */
public record PlanChange(
        Kind kind, String limit, @Nullable Policy policy, @Nullable PlanLimit wanted) {
    /** What happens. */
    public enum Kind {
        CREATE,
        UPDATE,
        REMOVE,
        KEEP
    }
}
