package dev.atrium.registry.idempotency;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is stored of a key.
 *
 * @param fingerprintMac null when it was released before it was claimed
 * @param isOverdue whether its call cannot last any more
 * @param isExpired whether it is remembered no longer
 * @param turn null where a former registry has written it
 * @param reply sealed; null where none is kept
 */
record KnownKey(
        State state,
        UUID callId,
        byte @Nullable [] fingerprintMac,
        UUID gatewayId,
        @Nullable UUID incarnation,
        boolean isOverdue,
        boolean isExpired,
        @Nullable UUID turn,
        int status,
        @Nullable String contentType,
        byte @Nullable [] reply) {
    /** Whether another call may have it. */
    boolean isFree() {
        return isExpired || state == State.RELEASED;
    }

    enum State {
        CLAIMED,
        ANSWERED,
        UNKNOWN,
        RELEASED
    }
}
