package dev.atrium.node.usage;

import dev.atrium.node.api.Grant;
import dev.atrium.registry.api.usage.NodeUsageRecord;
import java.util.UUID;

/** Names one attempt of one call. */
public record AttemptKey(UUID callId, int attempt) {
    public static AttemptKey of(Grant grant) {
        return new AttemptKey(grant.callId(), grant.attempt());
    }

    static AttemptKey of(NodeUsageRecord record) {
        return new AttemptKey(record.callId(), record.attempt());
    }
}
