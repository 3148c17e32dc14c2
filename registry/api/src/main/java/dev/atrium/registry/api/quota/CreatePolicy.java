package dev.atrium.registry.api.quota;

import org.jspecify.annotations.Nullable;

/**
 * Asks for a policy.
 *
 * @param subject null for the whole tenant
 * @param burst rates only; the amount when it is null
 * @param mode {@link Mode#HARD} when null
 * @param warnPercent 80 when null
 */
public record CreatePolicy(
        String name,
        @Nullable PolicySubject subject,
        Unit unit,
        Window window,
        long amount,
        @Nullable Long burst,
        @Nullable Mode mode,
        @Nullable Integer warnPercent) {}
