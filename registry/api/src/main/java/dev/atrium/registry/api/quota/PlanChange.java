package dev.atrium.registry.api.quota;

import org.jspecify.annotations.Nullable;

/**
 * What applying a plan does to one policy, or to all those of one limit for each project or key
 * that have the same figures now.
 *
 * @param limit name of the limit in the plan
 * @param policy as it is now, of several one of them; null where one is made
 * @param wanted as the plan says; null where the policy is removed
 * @param count how many policies; 0 where a limit is for each project or key and there is none to
 *     which this happens now, but those to come are concerned
 */
public record PlanChange(
        Kind kind, String limit, @Nullable Policy policy, @Nullable PlanLimit wanted, long count) {
    /** What happens. */
    public enum Kind {
        CREATE,
        UPDATE,
        REMOVE,
        KEEP
    }
}
