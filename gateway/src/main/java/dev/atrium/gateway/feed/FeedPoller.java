package dev.atrium.gateway.feed;

import dev.atrium.gateway.MonotonicClock;
import dev.atrium.gateway.registry.BackgroundLoop;
import dev.atrium.gateway.registry.Membership;
import dev.atrium.gateway.registry.RegistryClient;
import dev.atrium.registry.api.feed.FeedPage;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.stereotype.Component;

/** Follows the registry's change log by long polls and keeps {@link Feed} up to date. */
@Component
class FeedPoller {
    private final FeedProperties properties;
    private final RegistryClient registry;
    private final Membership membership;
    private final Feed feed;
    private final FeedFollower follower;
    private final MonotonicClock clock;

    FeedPoller(
            FeedProperties properties,
            RegistryClient registry,
            Membership membership,
            Feed feed,
            MonotonicClock clock) {
        this.properties = properties;
        this.registry = registry;
        this.membership = membership;
        this.feed = feed;
        this.follower = new FeedFollower(feed);
        this.clock = clock;
    }

    @Bean
    BackgroundLoop feedLoop() {
        return new BackgroundLoop("feed", this::poll);
    }

    private Duration poll() throws InterruptedException {
        if (!membership.isJoined()) {
            return Duration.ofMillis(20);
        }
        FeedPage page = registry.get(path(), properties.pollWait(), FeedPage.class);
        FeedFollower.Progress progress = follower.accept(page, clock.nanos());
        if (progress == FeedFollower.Progress.NEWER) {
            feed.snapshot().nodes().forEach(membership::requireGrantKey);
        }
        if (progress != FeedFollower.Progress.BEHIND) {
            membership.reportFeedRevision(follower.revision());
        }
        return Duration.ZERO;
    }

    private String path() {
        return "/internal/v1/feed?after="
                + follower.revision()
                + "&waitMillis="
                + properties.pollWait().toMillis()
                + (follower.epoch() == null ? "" : "&epoch=" + follower.epoch());
    }
}
