package dev.atrium.registry.api.usage;

import org.jspecify.annotations.Nullable;

/**
 * CO2 equivalent of those calls of a group that have a figure of it, and what that is per unit: the
 * score of the Software Carbon Intensity specification.
 *
 * @param calls that have a figure
 * @param tokens in and out, of these calls
 * @param nanograms of these calls
 * @param nanogramsPerCall rounded up
 * @param nanogramsPerThousandTokens rounded up; null where these calls have no tokens
 */
public record CarbonSum(
        long calls,
        long tokens,
        long nanograms,
        long nanogramsPerCall,
        @Nullable Long nanogramsPerThousandTokens) {
    private static final long TOKENS = 1_000;

    /** Null where nothing is known of any call. */
    public static @Nullable CarbonSum of(long calls, long tokens, long nanograms) {
        return calls == 0
                ? null
                : new CarbonSum(
                        calls,
                        tokens,
                        nanograms,
                        Math.ceilDiv(nanograms, calls),
                        tokens == 0
                                ? null
                                : (long) Math.ceil((double) nanograms * TOKENS / tokens));
    }

    static @Nullable CarbonSum both(@Nullable CarbonSum one, @Nullable CarbonSum other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return of(
                one.calls + other.calls,
                one.tokens + other.tokens,
                one.nanograms + other.nanograms);
    }
}
