package dev.atrium.registry.api.quota;

import java.time.Instant;
import java.util.List;

/**
 * A named set of limits from which policies of tenants are made.
 *
 * @param tenants how many have policies of it
 * @param revision to be sent back with a change
 */
public record Plan(
        PlanId id,
        String name,
        List<PlanLimit> limits,
        long tenants,
        String createdBy,
        Instant createdAt,
        Instant updatedAt,
        int revision) {
    public Plan {
        limits = List.copyOf(limits);
    }
}
