package dev.atrium.registry.api.usage;

/**
 * @param kept new ones
 * @param known ones that were here already
 * @param rejected ones that make no sense; sending them again is no use
 */
public record ShipRefusalsReply(int kept, int known, int rejected) {}
