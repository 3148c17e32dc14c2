package dev.atrium.registry.api.feed;

import java.time.Instant;

/**
 * A user or service account whose tokens stop.
 *
 * @param id {@code tenantId/principalId} for a removed member, or the bare principal id
 */
public record FeedBlockedPrincipal(String id, Instant since) {}
