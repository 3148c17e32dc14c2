package dev.atrium.registry.feed;

import java.time.Clock;
import java.util.concurrent.TimeUnit;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Keeps the change log as small as what is alive plus a day of removals. */
@Component
class FeedTrimming {
    private final FeedLog feed;
    private final FeedProperties properties;
    private final Clock clock;

    FeedTrimming(FeedLog feed, FeedProperties properties, Clock clock) {
        this.feed = feed;
        this.properties = properties;
        this.clock = clock;
    }

    @Scheduled(fixedDelay = 1, initialDelay = 1, timeUnit = TimeUnit.HOURS)
    void trim() {
        feed.trim(clock.instant().minus(properties.keepTombstones()));
    }
}
