package dev.atrium.registry.api.quota;

import dev.atrium.registry.api.catalog.ModelName;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a plan allows a tenant, or each part of it.
 *
 * @param name its own in the plan; becomes the policy's
 * @param burst rates only; the amount when it is null
 * @param mode {@link Mode#HARD} when null
 * @param warnPercent 80 when null
 * @param currency of {@link Unit#COST_MICROS}, and only there: that of the tenant's prices
 * @param scope {@link PlanScope#TENANT} when null
 * @param model of {@link PlanScope#MODEL}, and only there
 */
public record PlanLimit(
        String name,
        Unit unit,
        Window window,
        long amount,
        @Nullable Long burst,
        @Nullable Mode mode,
        @Nullable Integer warnPercent,
        @Nullable String currency,
        PlanScope scope,
        @Nullable ModelName model) {
    public PlanLimit {
        scope = Objects.requireNonNullElse(scope, PlanScope.TENANT);
    }
}
