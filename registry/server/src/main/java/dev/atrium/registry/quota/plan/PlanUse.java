package dev.atrium.registry.quota.plan;

import dev.atrium.registry.api.quota.PlanId;
import dev.atrium.registry.api.quota.PlanLimit;
import java.util.List;

/**
 * A plan that was applied to a tenant.
 *
 * @param defaults its limits for each project and key, as they were then
 * @param appliedBy who did
 */
record PlanUse(PlanId planId, List<PlanLimit> defaults, String appliedBy) {}
