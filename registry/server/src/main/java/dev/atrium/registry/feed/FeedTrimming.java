package dev.atrium.registry.feed;

import dev.atrium.registry.leader.Leadership;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Keeps the change log as small as what is alive plus a day of removals. */
@Component
class FeedTrimming {
    private static final Duration LONGEST_LOAD = Duration.ofMinutes(10);

    private final Leadership leadership;
    private final FeedLog feed;
    private final FeedProperties properties;
    private final Clock clock;

    FeedTrimming(Leadership leadership, FeedLog feed, FeedProperties properties, Clock clock) {
        this.leadership = leadership;
        this.feed = feed;
        this.properties = properties;
        this.clock = clock;
    }

    @Scheduled(fixedDelay = 1, initialDelay = 1, timeUnit = TimeUnit.HOURS)
    void trim() {
        if (leadership.isLeader()) {
            Instant now = clock.instant();
            feed.trim(now.minus(properties.keepTombstones()), now.minus(LONGEST_LOAD));
        }
    }
}
