package dev.atrium.registry.api.quota;

/** From which limit of which plan a policy was made. */
public record PlanOrigin(PlanId planId, String limit) {}
