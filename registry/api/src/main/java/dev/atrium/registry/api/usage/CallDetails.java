package dev.atrium.registry.api.usage;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of one call; never what was said in it.
 *
 * @param callId also the {@code x-request-id} of its answer
 * @param opened what was known when it began; only where it is not settled
 * @param settled the ledger's row; only where it is settled
 * @param attempts in their order, also those that were not billed; empty until nodes have shipped
 */
public record CallDetails(
        UUID callId,
        State state,
        @Nullable OpenCall opened,
        @Nullable UsageRecord settled,
        List<CallAttempt> attempts) {
    public CallDetails {
        attempts = List.copyOf(attempts);
    }

    /** How far the ledger is with a call. */
    public enum State {
        SETTLED,
        /** Left open by a gateway that died; resolved once the nodes have spoken. */
        UNRESOLVED,
        /** Left open by a gateway that died, and no node had begun it: nothing is charged. */
        VOID
    }
}
