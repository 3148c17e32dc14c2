package dev.atrium.registry.api.quota;

import org.jspecify.annotations.Nullable;

/**
 * What a plan allows a whole tenant.
 *
 * @param name its own in the plan; becomes the policy's
 * @param burst rates only; the amount when it is null
 * @param mode {@link Mode#HARD} when null
 * @param warnPercent 80 when null
 * @param currency of {@link Unit#COST_MICROS}, and only there: that of the tenant's prices
 */
public record PlanLimit(
        String name,
        Unit unit,
        Window window,
        long amount,
        @Nullable Long burst,
        @Nullable Mode mode,
        @Nullable Integer warnPercent,
        @Nullable String currency) {}
