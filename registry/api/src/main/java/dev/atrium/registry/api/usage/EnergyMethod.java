package dev.atrium.registry.api.usage;

/** How the power behind a figure of energy is known. */
public enum EnergyMethod {
    /** Configured by the operator. */
    MODELLED,
    /** Read from the hardware. */
    MEASURED
}
