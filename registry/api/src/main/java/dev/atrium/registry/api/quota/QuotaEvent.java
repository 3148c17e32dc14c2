package dev.atrium.registry.api.quota;

import java.time.Instant;
import java.util.UUID;

/**
 * Something that people should know of a policy, once per window and threshold.
 *
 * @param threshold percent of the amount that was reached: the policy's own, 100, and of money 50
 *     and 80
 */
public record QuotaEvent(
        UUID id,
        PolicyId policyId,
        String policyName,
        Instant windowStart,
        int threshold,
        long used,
        long amount,
        Instant at) {}
