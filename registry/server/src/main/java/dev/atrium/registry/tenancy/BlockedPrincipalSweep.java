package dev.atrium.registry.tenancy;

import dev.atrium.registry.api.feed.FeedKind;
import dev.atrium.registry.feed.FeedPublisher;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Takes blocked principals out of the feed once no token that was made before can still be good, so
 * that gateways do not remember everybody who ever left.
 */
@Component
class BlockedPrincipalSweep {
    /** Longer than any access token lives. */
    private static final Duration KEEP = Duration.ofHours(24);

    private final FeedPublisher feed;
    private final Clock clock;

    BlockedPrincipalSweep(FeedPublisher feed, Clock clock) {
        this.feed = feed;
        this.clock = clock;
    }

    @Scheduled(fixedDelay = 1, initialDelay = 1, timeUnit = TimeUnit.HOURS)
    @Transactional("platformTransactionManager")
    public void sweep() {
        feed.removeOlderThan(FeedKind.BLOCKED_PRINCIPAL, clock.instant().minus(KEEP));
    }
}
