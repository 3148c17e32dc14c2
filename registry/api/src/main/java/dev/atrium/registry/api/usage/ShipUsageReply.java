package dev.atrium.registry.api.usage;

/**
 * Every record of the batch is safe in the ledger, known from before, or in quarantine: the gateway
 * may drop all of them.
 */
public record ShipUsageReply(int inserted, int duplicates, int quarantined) {}
