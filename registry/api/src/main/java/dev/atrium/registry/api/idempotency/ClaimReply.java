package dev.atrium.registry.api.idempotency;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What became of a claim.
 *
 * @param callId the call that has the key, the claiming one when it is {@code NEW}
 * @param reply with {@code ANSWERED} only
 * @param turn with {@code FREE} only: what the next claim has to name
 */
public record ClaimReply(
        KeyStanding standing, UUID callId, @Nullable KeptReply reply, @Nullable UUID turn) {
    public static ClaimReply of(KeyStanding standing, UUID callId) {
        return new ClaimReply(standing, callId, null, null);
    }

    public static ClaimReply answered(UUID callId, KeptReply reply) {
        return new ClaimReply(KeyStanding.ANSWERED, callId, reply, null);
    }

    public static ClaimReply free(UUID formerCall, @Nullable UUID turn) {
        return new ClaimReply(KeyStanding.FREE, formerCall, null, turn);
    }
}
