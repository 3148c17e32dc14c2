package dev.atrium.registry.api.quota;

import java.time.Instant;

/**
 * Another gateway has calls waiting for this policy: give back what no call of yours needs now.
 *
 * @param sequence grows with every recall
 */
public record Recall(long sequence, PolicyId policyId, Instant windowStart) {}
