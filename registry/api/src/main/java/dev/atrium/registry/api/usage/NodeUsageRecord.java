package dev.atrium.registry.api.usage;

import dev.atrium.registry.api.catalog.ModelVersionId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A node's own account of one attempt, journalled STARTED before it computes.
 *
 * @param finishedAt null while only STARTED is known (the node died in the middle)
 * @param energy null where the node does not know
 * @param call whose call it is; null in accounts of former versions
 * @param cachedInputTokens those of the input tokens that came from a cache; null where the node
 *     does not know
 * @param media pictures and sound that were computed; null where there were none
 */
public record NodeUsageRecord(
        UUID callId,
        int attempt,
        ModelVersionId versionId,
        Instant startedAt,
        @Nullable Instant finishedAt,
        String outcome,
        long inputTokens,
        long outputTokens,
        long computeMicros,
        @Nullable Energy energy,
        @Nullable GrantedCall call,
        @Nullable Long cachedInputTokens,
        @Nullable Media media) {
    /** Of a call of which nothing else is known. */
    public NodeUsageRecord(
            UUID callId,
            int attempt,
            ModelVersionId versionId,
            Instant startedAt,
            @Nullable Instant finishedAt,
            String outcome,
            long inputTokens,
            long outputTokens,
            long computeMicros) {
        this(
                callId,
                attempt,
                versionId,
                startedAt,
                finishedAt,
                outcome,
                inputTokens,
                outputTokens,
                computeMicros,
                null,
                null,
                null,
                null);
    }
}
