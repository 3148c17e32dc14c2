package dev.atrium.registry.api.feed;

import java.util.List;
import java.util.UUID;

/**
 * {@code GET /internal/v1/feed?epoch=&after=&waitMillis=}.
 *
 * @param epoch another one than the gateway's means: forget everything, start from 0
 * @param full the entries begin a full load: replace everything once {@code more} is false
 * @param revision ask with {@code after} this next
 * @param more further entries are waiting; ask again at once
 */
public record FeedPage(
        UUID epoch, boolean full, long revision, boolean more, List<FeedEntry> entries) {
    public FeedPage {
        entries = List.copyOf(entries);
    }
}
