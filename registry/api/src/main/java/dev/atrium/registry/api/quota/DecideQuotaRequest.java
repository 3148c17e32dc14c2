package dev.atrium.registry.api.quota;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Decides a request.
 *
 * @param policyRevision of the policy as it was read; needed to raise it, and another one since
 *     then is a conflict
 * @param amount of {@link RequestDecision#TRIM} only
 * @param note for whoever asked, at most 2,000 characters; needed but for {@link
 *     RequestDecision#APPROVE}
 * @param until when the former amount comes back; null for never, at most a year ahead
 */
public record DecideQuotaRequest(
        RequestDecision decision,
        @Nullable Integer policyRevision,
        @Nullable Long amount,
        @Nullable String note,
        @Nullable Instant until) {}
