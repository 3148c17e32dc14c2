package dev.atrium.registry.api.quota;

/**
 * Asks for more of a quota.
 *
 * @param revision of the policy as it was read; another one since then is a conflict
 * @param amount more than the policy allows now
 * @param reason for whoever decides; at most 2,000 characters
 */
public record CreateQuotaRequest(PolicyId policyId, int revision, long amount, String reason) {}
