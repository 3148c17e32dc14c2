package dev.atrium.gateway.feed;

import dev.atrium.gateway.MonotonicClock;
import dev.atrium.gateway.registry.BackgroundLoop;
import dev.atrium.gateway.registry.Membership;
import dev.atrium.gateway.registry.RegistryClient;
import dev.atrium.registry.api.feed.FeedEntry;
import dev.atrium.registry.api.feed.FeedPage;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.stereotype.Component;

/**
 * Follows the registry's change log by long polls and keeps {@link Feed} up to date.
 *
 * <p>Revisions never skip, so asking after the last one seen misses nothing; another epoch means
 * that the registry was restored, and everything is loaded again. During a full load calls go on
 * with the former snapshot.
 */
@Component
class FeedPoller {
    private static final Logger LOG = LoggerFactory.getLogger(FeedPoller.class);

    private final FeedProperties properties;
    private final RegistryClient registry;
    private final Membership membership;
    private final Feed feed;
    private final FeedState state;
    private final MonotonicClock clock;

    private @Nullable UUID epoch;
    private long revision;
    private boolean loading;
    private boolean changed;

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
        this.state = new FeedState(feed.keys());
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
        long answeredAt = clock.nanos();
        boolean sameEpoch = page.epoch().equals(epoch);
        if (!page.full() && !sameEpoch) {
            LOG.info("the feed has a new epoch; loading everything again");
            epoch = null;
            revision = 0;
            return Duration.ZERO;
        }
        if (page.full() && !(loading && sameEpoch && revision > 0)) {
            beginFullLoad(page.epoch());
        }
        apply(page);
        if (!page.more()) {
            publish();
            feed.confirm(answeredAt);
            membership.reportFeedRevision(revision);
        }
        return Duration.ZERO;
    }

    private String path() {
        return "/internal/v1/feed?after="
                + revision
                + "&waitMillis="
                + properties.pollWait().toMillis()
                + (epoch == null ? "" : "&epoch=" + epoch);
    }

    private void beginFullLoad(UUID newEpoch) {
        epoch = newEpoch;
        loading = true;
        state.beginFullLoad();
    }

    private void apply(FeedPage page) {
        for (FeedEntry entry : page.entries()) {
            changed |= state.apply(entry);
        }
        revision = page.revision();
    }

    private void publish() {
        if (loading) {
            state.endFullLoad();
            LOG.info("feed loaded up to revision {} ({} keys)", revision, feed.keys().size());
        }
        if (changed || loading) {
            Snapshot newer = state.snapshot();
            feed.replace(newer);
            newer.nodes().forEach(membership::requireGrantKey);
        }
        loading = false;
        changed = false;
    }
}
