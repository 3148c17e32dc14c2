package dev.atrium.registry.api.usage;

import org.jspecify.annotations.Nullable;

/**
 * Input tokens that engines took from a cache, of those calls of a group of which it is known;
 * there may be others.
 *
 * @param calls of which it is known
 * @param tokens of these calls, among their input tokens; 0 where nothing came from a cache
 */
public record CachedInput(long calls, long tokens) {
    /** Null where nothing is known of any call. */
    public static @Nullable CachedInput of(long calls, long tokens) {
        return calls == 0 ? null : new CachedInput(calls, tokens);
    }

    public static @Nullable CachedInput both(
            @Nullable CachedInput one, @Nullable CachedInput other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return new CachedInput(one.calls + other.calls, one.tokens + other.tokens);
    }

    /** Whether a call of so many input tokens can have had so many from a cache; null can be. */
    public static boolean isPlausible(@Nullable Long cached, long inputTokens) {
        return cached == null || (cached >= 0 && cached <= inputTokens);
    }
}
