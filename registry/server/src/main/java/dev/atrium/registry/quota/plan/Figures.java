package dev.atrium.registry.quota.plan;

import dev.atrium.registry.api.quota.Mode;
import dev.atrium.registry.api.quota.PlanLimit;
import dev.atrium.registry.api.quota.Policy;
import org.jspecify.annotations.Nullable;

/** What of a policy a plan may change. */
record Figures(
        long amount, @Nullable Long burst, @Nullable Mode mode, @Nullable Integer warnPercent) {
    static Figures of(Policy policy) {
        return new Figures(policy.amount(), policy.burst(), policy.mode(), policy.warnPercent());
    }

    static Figures of(PlanLimit limit) {
        return new Figures(limit.amount(), limit.burst(), limit.mode(), limit.warnPercent());
    }
}
