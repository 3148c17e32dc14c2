package dev.atrium.registry.api.usage;

import org.jspecify.annotations.Nullable;

/**
 * What one attempt took from the grid, as far as its node can say. Where nothing is known there is
 * none of this: never a 0.
 *
 * @param microjoules electricity, more than 0, with the share of the building
 * @param carbonNanograms CO2 equivalent of it and of the share of the hardware; null where it is
 *     not known how clean the electricity is
 * @see "docs/adr/0014-energy.md"
 */
public record Energy(long microjoules, @Nullable Long carbonNanograms, EnergyMethod method) {
    /** Ten megajoules, ten kilograms: a million of them still fit into a sum. */
    private static final long MOST = 10_000_000_000_000L;

    /** Whether a node may say this, or nothing; the sums must hold whatever it says. */
    public static boolean isPlausible(@Nullable Energy said) {
        if (said == null) {
            return true;
        }
        // JSON leaves out what it wants, whatever the record's types say.
        Object method = said.method;
        Long carbon = said.carbonNanograms;
        return method != null
                && said.microjoules > 0
                && said.microjoules <= MOST
                && (carbon == null || (carbon >= 0 && carbon <= MOST));
    }
}
