package dev.atrium.registry.api.quota;

/**
 * Applies a plan to a tenant.
 *
 * @param digest of the preview; when something else would happen by now, nothing does
 */
public record ApplyPlan(PlanId planId, String digest) {}
