package dev.atrium.registry.api.usage;

import java.util.List;

/** {@code POST /internal/v1/nodes/usage}: a batch, idempotent on (call, attempt). */
public record ShipNodeUsage(List<NodeUsageRecord> records) {
    public ShipNodeUsage {
        records = List.copyOf(records);
    }
}
