package dev.atrium.registry.api.idempotency;

import dev.atrium.registry.api.tenancy.TenantId;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /internal/v1/idempotency/claims}. Of all that claim one key the first may execute its
 * call; the same claim may be sent again, and a copy of it that comes late takes nothing: it names
 * a turn of the key that has passed.
 *
 * @param key SHA-256, in hex, of who calls and the key
 * @param fingerprint SHA-256, in hex, of what is asked for
 * @param callId the call that is to be executed
 * @param incarnation this life of the gateway's process
 * @param longestMillis how long the call can last; later nothing is heard of it any more
 * @param turn of the key, as {@link ClaimReply} named it; null until it has, which claims a key
 *     that nobody had
 */
public record ClaimKey(
        TenantId tenantId,
        String key,
        String fingerprint,
        UUID callId,
        UUID incarnation,
        long longestMillis,
        @Nullable UUID turn) {
    /** The same claim of a key that has become free. */
    public ClaimKey inTurn(@Nullable UUID free) {
        return new ClaimKey(tenantId, key, fingerprint, callId, incarnation, longestMillis, free);
    }
}
