package dev.atrium.registry.idempotency;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is stored of a key.
 *
 * @param fingerprintMac null when it was released before it was claimed
 * @param isOverdue whether its call cannot last any more
 * @param reply sealed; null where none is kept
 */
record KnownKey(
        State state,
        UUID callId,
        byte @Nullable [] fingerprintMac,
        UUID gatewayId,
        @Nullable UUID incarnation,
        boolean isOverdue,
        int status,
        @Nullable String contentType,
        byte @Nullable [] reply) {
    enum State {
        CLAIMED,
        ANSWERED,
        UNKNOWN,
        RELEASED
    }
}
