package dev.atrium.node.energy;

/** Estimators for tests of other capabilities. */
public final class Estimators {
    private Estimators() {}

    /** A core takes one watt, of a grid that nobody knows. */
    public static EnergyEstimator oneWatt() {
        return new EnergyEstimator(new EnergyProperties(1.0, 1, null, null));
    }

    public static EnergyEstimator unknown() {
        return new EnergyEstimator(new EnergyProperties(null, 1, null, null));
    }
}
