package dev.atrium.gateway.feed;

import dev.atrium.registry.api.feed.FeedEntry;
import dev.atrium.registry.api.feed.FeedPage;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far this gateway has read the change log, and what becomes of the pages that come.
 *
 * <p>Revisions never skip, so asking after the last one seen misses nothing; another epoch means
 * that the registry was restored, and everything is loaded again. During a full load calls go on
 * with the former snapshot.
 */
final class FeedFollower {
    private static final Logger LOG = LoggerFactory.getLogger(FeedFollower.class);

    private final Feed feed;
    private final FeedState state;

    private @Nullable UUID epoch;
    private long revision;
    private boolean loading;
    private boolean changed;

    FeedFollower(Feed feed) {
        this.feed = feed;
        this.state = new FeedState(feed.keys());
    }

    /** What a page did. */
    enum Progress {
        /** There is more to read before the feed is as the registry has it. */
        BEHIND,
        /** The feed is as the registry had it, and nothing was new. */
        SAME,
        /** The feed is as the registry had it, and not as it was before. */
        NEWER
    }

    @Nullable UUID epoch() {
        return epoch;
    }

    long revision() {
        return revision;
    }

    /**
     * @param answeredAt when the registry's answer came, by the monotonic clock
     */
    Progress accept(FeedPage page, long answeredAt) {
        boolean sameEpoch = page.epoch().equals(epoch);
        if (!page.full() && !sameEpoch) {
            LOG.info("the feed has a new epoch; loading everything again");
            epoch = null;
            revision = 0;
            return Progress.BEHIND;
        }
        if (page.full() && !(loading && sameEpoch && revision > 0)) {
            beginFullLoad(page.epoch());
        }
        apply(page);
        if (page.more()) {
            return Progress.BEHIND;
        }
        boolean isNewer = publish();
        feed.confirm(answeredAt);
        return isNewer ? Progress.NEWER : Progress.SAME;
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

    private boolean publish() {
        if (loading) {
            state.endFullLoad();
            LOG.info("feed loaded up to revision {} ({} keys)", revision, feed.keys().size());
        }
        boolean isNewer = changed || loading;
        if (isNewer) {
            feed.replace(state.snapshot());
        }
        state.admitKeys();
        loading = false;
        changed = false;
        return isNewer;
    }
}
