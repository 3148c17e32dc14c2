package dev.atrium.registry.api.usage;

import dev.atrium.registry.api.node.NodeId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a node says of one attempt at a call.
 *
 * @param finishedAt null where only the beginning is known
 * @param energy null where the node does not know
 * @param media pictures and sound that were computed; null where there were none
 * @param billed whether the ledger's figures are of this attempt
 */
public record CallAttempt(
        int attempt,
        NodeId nodeId,
        Instant startedAt,
        @Nullable Instant finishedAt,
        String outcome,
        long inputTokens,
        long outputTokens,
        long computeMicros,
        @Nullable Energy energy,
        @Nullable Media media,
        boolean billed) {}
