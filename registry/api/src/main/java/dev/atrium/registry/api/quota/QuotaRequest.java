package dev.atrium.registry.api.quota;

import dev.atrium.registry.api.tenancy.TenantId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A request for more of a quota.
 *
 * @param policy as it is now; as it last was where it is deleted
 * @param formerAmount what the policy allowed when this was asked
 * @param amount what is asked for
 * @param requestedBy the user, as audit rows name it
 * @param outcome null while it is open
 */
public record QuotaRequest(
        QuotaRequestId id,
        TenantId tenantId,
        String tenantSlug,
        Policy policy,
        boolean policyDeleted,
        long formerAmount,
        long amount,
        String reason,
        RequestState state,
        String requestedBy,
        Instant createdAt,
        @Nullable Outcome outcome) {
    /**
     * What became of it.
     *
     * @param by who decided, or took it back
     * @param granted the policy's new amount; null where nothing was granted
     * @param until end of a temporary raise; null where there is none
     * @param endedAt when a temporary raise was over, at its end or because of a later decision
     * @param read whether the requester has taken note
     */
    public record Outcome(
            String by,
            Instant at,
            @Nullable String note,
            @Nullable Long granted,
            @Nullable Instant until,
            @Nullable Instant endedAt,
            boolean read) {}
}
