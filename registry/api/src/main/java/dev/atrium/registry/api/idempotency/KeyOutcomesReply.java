package dev.atrium.registry.api.idempotency;

/**
 * @param counted outcomes that ended their key; the others were known, or came too late
 */
public record KeyOutcomesReply(int counted) {}
