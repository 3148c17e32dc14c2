package dev.atrium.registry.api.quota;

import java.util.List;

/**
 * What applying a plan to a tenant would do now.
 *
 * @param digest of all that; sent back to apply just this
 */
public record PlanPreview(PlanId planId, int revision, List<PlanChange> changes, String digest) {
    public PlanPreview {
        changes = List.copyOf(changes);
    }
}
