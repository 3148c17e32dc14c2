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
 * @param refused why it was never opened; only where it was not
 * @param phases only where it is settled
 * @param attempts in their order, also those that were not billed; empty until nodes have shipped
 */
public record CallDetails(
        UUID callId,
        State state,
        @Nullable OpenCall opened,
        @Nullable UsageRecord settled,
        @Nullable RefusedCall refused,
        @Nullable CallPhases phases,
        List<CallAttempt> attempts) {
    public CallDetails {
        attempts = List.copyOf(attempts);
    }

    public static CallDetails settled(UsageRecord call, List<CallAttempt> attempts) {
        return new CallDetails(
                call.callId(), State.SETTLED, null, call, null, CallPhases.of(call), attempts);
    }

    public static CallDetails left(OpenCall call, State state, List<CallAttempt> attempts) {
        return new CallDetails(call.callId(), state, call, null, null, null, attempts);
    }

    public static CallDetails refused(RefusedCall call) {
        return new CallDetails(call.callId(), State.REFUSED, null, null, call, null, List.of());
    }

    /** How far the ledger is with a call. */
    public enum State {
        SETTLED,
        /** Left open by a gateway that died; resolved once the nodes have spoken. */
        UNRESOLVED,
        /** Left open by a gateway that died, and no node had begun it: nothing is charged. */
        VOID,
        /** Never opened, and so in no ledger. */
        REFUSED
    }
}
