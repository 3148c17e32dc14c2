package dev.atrium.registry.api.quota;

import java.util.List;

/**
 * Asks for a plan.
 *
 * @param limits 1 to 50, each with a name of its own
 */
public record CreatePlan(String name, List<PlanLimit> limits) {}
