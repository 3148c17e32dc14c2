package dev.atrium.registry.api.usage;

import java.util.List;

/**
 * {@code POST /internal/v1/usage}: a batch of a gateway's journal. Idempotent; at most 1,000
 * records of each kind.
 *
 * @param settled calls that ended under this gateway's eyes
 * @param orphans calls found OPEN and never SETTLED after the gateway was killed; the registry
 *     settles them from the node's record, or voids them when no node saw them
 */
public record ShipUsage(List<UsageRecord> settled, List<OpenCall> orphans) {
    public ShipUsage {
        settled = List.copyOf(settled);
        orphans = List.copyOf(orphans);
    }
}
