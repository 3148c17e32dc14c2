package dev.atrium.gateway.feed;

import dev.atrium.gateway.MonotonicClock;
import dev.atrium.registry.api.feed.FeedPage;
import dev.atrium.simulation.Settings;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A gateway's feed without the thread that asks. */
public final class SimulatedFeed {
    private final Feed feed;
    private final FeedFollower follower;

    public SimulatedFeed(MonotonicClock clock) {
        feed =
                new Feed(
                        Settings.of(
                                FeedProperties.class,
                                "atrium.gateway.feed",
                                Map.of("max-staleness", "30s")),
                        clock);
        follower = new FeedFollower(feed);
    }

    public Feed feed() {
        return feed;
    }

    public @Nullable UUID epoch() {
        return follower.epoch();
    }

    public long revision() {
        return follower.revision();
    }

    /**
     * @return whether there is more to read
     */
    public boolean accept(FeedPage page, long answeredAt) {
        return follower.accept(page, answeredAt) == FeedFollower.Progress.BEHIND;
    }
}
