package dev.atrium.registry.quota.window;

import dev.atrium.registry.api.quota.PolicyId;
import java.time.Instant;
import java.util.Optional;

/** The rows of policies and windows, in the caller's transaction. */
interface WindowStore {
    /**
     * A policy that is not deleted, with the last window that began by this instant, or that never
     * ends: a clock that is a little behind another registry's must not look for a former one.
     */
    Optional<Windows.Found> ofLiving(PolicyId policy, Instant at);

    /** The same, deleted or not. */
    Optional<Windows.Found> ofAny(PolicyId policy, Instant at);

    /** A policy that is not deleted, with the window that begins at exactly this instant. */
    Optional<Windows.Found> beginningAt(PolicyId policy, Instant start);

    /**
     * Ends a window that has no end and began before now.
     *
     * @return false where somebody else has ended it, or it began just now
     */
    boolean end(WindowKey key, Instant now);

    /** Nothing happens where another has begun it. */
    void begin(CountedPolicy policy, WindowSpan span);
}
