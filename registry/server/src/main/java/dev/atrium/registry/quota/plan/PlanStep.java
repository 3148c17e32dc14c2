package dev.atrium.registry.quota.plan;

import dev.atrium.registry.api.quota.PlanChange.Kind;
import dev.atrium.registry.api.quota.PlanLimit;
import dev.atrium.registry.api.quota.PlanOrigin;
import dev.atrium.registry.api.quota.Policy;
import dev.atrium.registry.api.quota.PolicySubject;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What applying a plan does to one policy.
 *
 * @param origin the policy's
 * @param policy null where one is made
 * @param limit what is wanted; null where the policy is removed
 */
record PlanStep(
        Kind kind,
        PlanOrigin origin,
        PolicySubject subject,
        @Nullable Policy policy,
        @Nullable PlanLimit limit) {
    /** Whether it is one of those for each project or key; plans name no single one. */
    boolean isOfEach() {
        return subject.projectId() != null || subject.apiKeyId() != null;
    }

    Policy present() {
        return Objects.requireNonNull(policy, "what is changed or removed is there");
    }

    PlanLimit wanted() {
        return Objects.requireNonNull(limit, "what is made or changed is wanted");
    }
}
