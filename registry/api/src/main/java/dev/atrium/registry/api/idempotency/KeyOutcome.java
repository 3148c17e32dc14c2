package dev.atrium.registry.api.idempotency;

import dev.atrium.registry.api.tenancy.TenantId;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How the call ended that had a key; may be said again, and comes too late for another call's key.
 *
 * @param key as it was claimed
 * @param callId the call that claimed it
 * @param reply with {@code ANSWERED} only; null where it is not kept
 */
public record KeyOutcome(
        TenantId tenantId, String key, UUID callId, Kind kind, @Nullable KeptReply reply) {
    /** What it means for the next call with the key. */
    public enum Kind {
        /** It gets this reply. */
        ANSWERED,
        /** It is told that nobody knows. */
        UNKNOWN,
        /** No model ever saw this call: the next one may be executed. */
        RELEASED
    }
}
