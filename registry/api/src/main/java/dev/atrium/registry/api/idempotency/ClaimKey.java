package dev.atrium.registry.api.idempotency;

import dev.atrium.registry.api.tenancy.TenantId;
import java.util.UUID;

/**
 * {@code POST /internal/v1/idempotency/claims}. Of all that claim one key the first may execute its
 * call; the same claim may be sent again.
 *
 * @param key SHA-256, in hex, of who calls and the key
 * @param fingerprint SHA-256, in hex, of what is asked for
 * @param callId the call that is to be executed
 * @param incarnation this life of the gateway's process
 * @param longestMillis how long the call can last; later nothing is heard of it any more
 */
public record ClaimKey(
        TenantId tenantId,
        String key,
        String fingerprint,
        UUID callId,
        UUID incarnation,
        long longestMillis) {}
