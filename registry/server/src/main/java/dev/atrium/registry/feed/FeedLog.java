package dev.atrium.registry.feed;

import dev.atrium.registry.api.feed.FeedEntry;
import dev.atrium.registry.api.feed.FeedPage;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Reads the change log in pages.
 *
 * <p>A delta is every entry above a revision, tombstones included. A full load is every entry that
 * is not gone, read upwards from 0; its pages but the last carry their revision negated, so that
 * the next question is known to continue the load and not to come from a gateway that slept past
 * the trimmed tombstones.
 */
@Component
class FeedLog {
    private final FeedStore store;
    private final FeedProperties properties;

    FeedLog(FeedStore store, FeedProperties properties) {
        this.store = store;
        this.properties = properties;
    }

    @Transactional(
            value = "platformTransactionManager",
            readOnly = true,
            isolation = Isolation.REPEATABLE_READ)
    public FeedPage read(@Nullable UUID epoch, long after) {
        FeedStore.State state = store.state();
        boolean sameEpoch = state.epoch().equals(epoch);
        if (sameEpoch && after < 0) {
            return page(state, false, -after, true);
        }
        if (!sameEpoch || after < state.trimmedBelow()) {
            return page(state, true, 0, true);
        }
        return page(state, false, after, false);
    }

    private FeedPage page(FeedStore.State state, boolean begins, long from, boolean loading) {
        int most = properties.pageSize() + 1;
        List<FeedEntry> found = begins ? store.livingAbove(from, most) : store.above(from, most);
        boolean more = found.size() > properties.pageSize();
        List<FeedEntry> shown = more ? found.subList(0, properties.pageSize()) : found;
        long reached = shown.isEmpty() ? from : shown.getLast().revision();
        if (loading && !more) {
            // Trimmed and skipped tombstones may lie above the last entry that is left.
            reached = Math.max(reached, Math.max(newest(), state.trimmedBelow()));
        }
        return new FeedPage(
                state.epoch(), begins, loading && more ? -reached : reached, more, shown);
    }

    /** The highest revision that is committed; 0 in an empty log. */
    long newest() {
        return store.newest();
    }

    /**
     * Forgets removals from before a time, and of the others those that are too many. A young one
     * stays in any case: a load that has passed its thing already must still meet it.
     */
    @Transactional("platformTransactionManager")
    public void trim(Instant before, Instant young) {
        store.trim(before, young, properties.maxTombstones());
    }
}
