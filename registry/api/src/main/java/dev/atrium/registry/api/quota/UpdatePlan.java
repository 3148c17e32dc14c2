package dev.atrium.registry.api.quota;

import java.util.List;

/**
 * Changes a plan as a whole; its tenants keep what they have until it is applied to them.
 *
 * @param revision the one that was read; another one since then is a conflict
 */
public record UpdatePlan(int revision, String name, List<PlanLimit> limits) {}
