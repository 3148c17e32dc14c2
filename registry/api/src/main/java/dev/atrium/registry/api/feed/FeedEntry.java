package dev.atrium.registry.api.feed;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The newest state of one thing.
 *
 * @param body null when it is gone
 */
public record FeedEntry(FeedKind kind, String id, long revision, @Nullable JsonNode body) {}
