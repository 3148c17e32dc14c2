package dev.atrium.node.energy;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What this node's calls take from the grid. Without {@code wattsPerCore} nothing is estimated,
 * without {@code gridIntensity} no carbon.
 *
 * @param wattsPerCore that a core takes while it computes, with its part of memory and fans
 * @param pue electricity of the building per electricity of the machine
 * @param gridIntensity grams of CO2 equivalent per kWh, of the place, not of a contract
 * @param embodiedGramsPerHour CO2 equivalent of making the machine, divided by the hours of its
 *     life
 */
@ConfigurationProperties("atrium.node.energy")
record EnergyProperties(
        @Nullable Double wattsPerCore,
        @DefaultValue("1") double pue,
        @Nullable Double gridIntensity,
        @Nullable Double embodiedGramsPerHour) {
    private static final String PREFIX = "atrium.node.energy.";

    EnergyProperties {
        requireBetween("watts-per-core", wattsPerCore, 0.001, 1_000);
        requireBetween("pue", pue, 1, 10);
        requireBetween("grid-intensity", gridIntensity, 0, 10_000);
        requireBetween("embodied-grams-per-hour", embodiedGramsPerHour, 0, 1_000_000);
        requireWith("grid-intensity", gridIntensity, "watts-per-core", wattsPerCore);
        requireWith(
                "embodied-grams-per-hour", embodiedGramsPerHour, "grid-intensity", gridIntensity);
    }

    private static void requireBetween(
            String name, @Nullable Double value, double least, double most) {
        if (value != null && !(value >= least && value <= most)) {
            throw new IllegalArgumentException(
                    "%s%s is %s but must be between %s and %s"
                            .formatted(PREFIX, name, value, least, most));
        }
    }

    private static void requireWith(
            String name, @Nullable Double value, String needed, @Nullable Double other) {
        if (value != null && other == null) {
            throw new IllegalArgumentException(
                    "%s%s means nothing without %s%s".formatted(PREFIX, name, PREFIX, needed));
        }
    }
}
