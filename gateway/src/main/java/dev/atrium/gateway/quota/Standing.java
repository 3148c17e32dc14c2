package dev.atrium.gateway.quota;

import dev.atrium.registry.api.feed.FeedPolicy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where a policy stands as far as this gateway knows, from what it enforces with.
 *
 * @param limit the amount
 * @param used charged in the window
 * @param reserved for calls that run, here or elsewhere
 * @param left what calls of this gateway could still take; never negative
 * @param reset until the window ends, or a rate is whole again; null where neither comes
 * @param more until there is more to take: the window's end, or a rate's next unit; null as above
 * @param window the length of the window; null where it never ends
 * @param isKnown whether the registry has told
 */
public record Standing(
        FeedPolicy policy,
        long limit,
        long used,
        long reserved,
        long left,
        @Nullable Duration reset,
        @Nullable Duration more,
        @Nullable Duration window,
        boolean isKnown) {}
