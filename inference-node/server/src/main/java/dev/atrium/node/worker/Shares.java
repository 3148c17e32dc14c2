package dev.atrium.node.worker;

import dev.atrium.registry.api.usage.Energy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cuts what a batch used into parts for its calls, which add up to it exactly. */
final class Shares {
    private Shares() {}

    /**
     * @param weights none negative, at least one positive
     */
    static long[] of(long whole, long[] weights) {
        double sum = Arrays.stream(weights).sum();
        long[] parts = new long[weights.length];
        long weight = 0;
        long given = 0;
        for (int i = 0; i < weights.length; i++) {
            weight += weights[i];
            // What is rounded away here comes to those behind, and the last one ends at the whole.
            parts[i] = (long) (whole * (weight / sum)) - given;
            given += parts[i];
        }
        return parts;
    }

    /** A part of which nothing is left is none: energy is never 0. */
    static List<@Nullable Energy> of(@Nullable Energy whole, long[] weights) {
        List<@Nullable Energy> parts = new ArrayList<>(weights.length);
        long[] joules = whole == null ? weights : of(whole.microjoules(), weights);
        Long carbon = whole == null ? null : whole.carbonNanograms();
        long[] grams = carbon == null ? weights : of(carbon, weights);
        for (int i = 0; i < weights.length; i++) {
            parts.add(
                    whole == null || joules[i] == 0
                            ? null
                            : new Energy(
                                    joules[i], carbon == null ? null : grams[i], whole.method()));
        }
        return parts;
    }
}
