package dev.atrium.node.api;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Permission for one attempt of one call on one node, with everything the ledger needs to bill it.
 *
 * @param attempt counts from 1; each (call, attempt) is usable once
 * @param tenantId the caller's tenant, who pays
 * @param principalKind {@code API_KEY}, {@code USER} or {@code SERVICE_ACCOUNT}
 * @param modelName full name as served, {@code tenant/name}
 * @param operation of the call in the ledger, by which a node knows what it may be asked
 * @param issuedAt not valid earlier than 30 s before, nor later than 30 s after {@code expiresAt}
 * @param deadlineMillis the node stops computing this long after it took the call
 * @param maxOutputTokens upper bound for generation; null where it does not apply
 * @param gatewayId who let the call through; null where that is not known yet
 * @param label the call's cost centre; null without one
 * @param reserved what the call reserved of quotas, for the ledger only; null where that is not
 *     known
 */
public record Grant(
        UUID callId,
        int attempt,
        UUID nodeId,
        UUID tenantId,
        UUID projectId,
        String principalKind,
        String principalId,
        UUID modelId,
        String modelName,
        UUID versionId,
        int version,
        String operation,
        Instant issuedAt,
        Instant expiresAt,
        long deadlineMillis,
        @Nullable Integer maxOutputTokens,
        @Nullable UUID gatewayId,
        @Nullable String label,
        @Nullable String reserved) {
    /** The same, by this gateway. */
    public Grant issuedBy(@Nullable UUID gateway) {
        return new Grant(
                callId,
                attempt,
                nodeId,
                tenantId,
                projectId,
                principalKind,
                principalId,
                modelId,
                modelName,
                versionId,
                version,
                operation,
                issuedAt,
                expiresAt,
                deadlineMillis,
                maxOutputTokens,
                gateway,
                label,
                reserved);
    }
}
