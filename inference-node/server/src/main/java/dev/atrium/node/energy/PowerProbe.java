package dev.atrium.node.energy;

import dev.atrium.registry.api.usage.EnergyMethod;
import java.time.Duration;
import java.util.OptionalDouble;

/**
 * Says what CPU time takes at the machine's plug. The seam for probes that read the hardware (RAPL,
 * NVML, a metered socket); they need the time in which it happened as well.
 */
interface PowerProbe {
    EnergyMethod method();

    /**
     * Joules of a computation that ends now; empty where that cannot be said.
     *
     * @param cpu time of all its threads
     * @param elapsed how long ago it began
     */
    OptionalDouble joules(Duration cpu, Duration elapsed);
}
