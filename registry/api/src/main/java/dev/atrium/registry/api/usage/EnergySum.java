package dev.atrium.registry.api.usage;

import org.jspecify.annotations.Nullable;

/**
 * Energy of those calls of a group whose nodes could say something; there may be others.
 *
 * @param calls that have a figure
 * @param measuredCalls those of them whose power was measured
 * @param microjoules of these calls
 * @param carbon null where no call has a figure of it
 */
public record EnergySum(
        long calls, long measuredCalls, long microjoules, @Nullable CarbonSum carbon) {

    /** Null where nothing is known of any call. */
    public static @Nullable EnergySum of(
            long calls, long measuredCalls, long microjoules, @Nullable CarbonSum carbon) {
        return calls == 0 ? null : new EnergySum(calls, measuredCalls, microjoules, carbon);
    }

    public static @Nullable EnergySum both(@Nullable EnergySum one, @Nullable EnergySum other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return new EnergySum(
                one.calls + other.calls,
                one.measuredCalls + other.measuredCalls,
                one.microjoules + other.microjoules,
                CarbonSum.both(one.carbon, other.carbon));
    }
}
