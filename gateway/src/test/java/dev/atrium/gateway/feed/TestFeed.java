package dev.atrium.gateway.feed;

import dev.atrium.gateway.MonotonicClock;
import dev.atrium.registry.api.feed.FeedEntry;
import dev.atrium.registry.api.feed.FeedKind;
import dev.atrium.registry.api.feed.FeedPage;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** A gateway's feed in memory: what a test puts into it is known at once. */
public final class TestFeed {
    public static final Duration MAX_STALENESS = Duration.ofSeconds(60);

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final UUID epoch = UUID.randomUUID();
    private final MonotonicClock clock;
    private final Feed feed;
    private final FeedFollower follower;

    public TestFeed(MonotonicClock clock) {
        this.clock = clock;
        this.feed = new Feed(new FeedProperties(MAX_STALENESS, Duration.ofSeconds(10)), clock);
        this.follower = new FeedFollower(feed);
    }

    public Feed feed() {
        return feed;
    }

    /** Puts the newest state of one thing; null where it is gone. */
    public void put(FeedKind kind, String id, @Nullable Object body) {
        long revision = follower.revision() + 1;
        FeedEntry entry =
                new FeedEntry(kind, id, revision, body == null ? null : JSON.valueToTree(body));
        follower.accept(
                new FeedPage(epoch, follower.epoch() == null, revision, false, List.of(entry)),
                clock.nanos());
    }
}
