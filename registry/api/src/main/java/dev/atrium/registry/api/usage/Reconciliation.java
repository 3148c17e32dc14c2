package dev.atrium.registry.api.usage;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The ledger beside what the nodes say that they computed, call by call.
 *
 * @param from first moment at which a call of this comparison began
 * @param to first moment after them
 * @param ledgerCalls calls in the ledger
 * @param nodeCalls calls of which a node gave an account
 * @param openOrphans calls that a killed gateway left open and nobody has resolved yet
 * @param differing calls of which the two accounts differ
 * @param differences the newest of those, 100 at most
 */
public record Reconciliation(
        Instant from,
        Instant to,
        long ledgerCalls,
        long nodeCalls,
        long openOrphans,
        long differing,
        List<Difference> differences) {
    public Reconciliation {
        differences = List.copyOf(differences);
    }

    /** In what way the accounts of a call differ. */
    public enum Kind {
        /** A node computed it and the ledger does not have it (yet). */
        MISSING_IN_LEDGER,
        /** The ledger names a node, and no node has shipped an account (yet). */
        MISSING_AT_NODES,
        /** Both have it, with other tokens, pictures, sound or another compute time. */
        OTHER_FIGURES
    }

    /**
     * @param ledger null where the ledger has no row
     * @param node the account of the last attempt; null where there is none
     */
    public record Difference(
            UUID callId, Kind kind, @Nullable Figures ledger, @Nullable Figures node) {}

    /**
     * @param media null where there were neither pictures nor sound
     */
    public record Figures(
            String outcome,
            long inputTokens,
            long outputTokens,
            long computeMicros,
            @Nullable Media media) {}
}
