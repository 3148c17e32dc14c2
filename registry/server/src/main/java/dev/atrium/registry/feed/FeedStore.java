package dev.atrium.registry.feed;

import dev.atrium.registry.api.feed.FeedEntry;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** The rows of the change log, in the caller's transaction. */
interface FeedStore {
    /**
     * @param epoch changed by a restore
     * @param trimmedBelow removals up to this revision may have been forgotten
     */
    record State(UUID epoch, long trimmedBelow) {}

    State state();

    /** What lies above a revision, in its order; removals as well. */
    List<FeedEntry> above(long revision, int most);

    /** The same without removals. */
    List<FeedEntry> livingAbove(long revision, int most);

    /** The highest revision that is committed; 0 in an empty log. */
    long newest();

    /** Forgets removals from before a time, and of those that are not young the oldest. */
    void trim(Instant before, Instant young, int most);
}
