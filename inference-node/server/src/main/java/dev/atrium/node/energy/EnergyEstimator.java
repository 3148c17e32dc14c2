package dev.atrium.node.energy;

import dev.atrium.registry.api.usage.Energy;
import java.time.Duration;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Service;

/**
 * Energy and carbon of one computation, as the Software Carbon Intensity specification has it:
 * {@code SCI = E x I + M}, per call.
 *
 * <p>E is the joules of the probe times PUE, I the intensity of the grid. M is the machine's
 * embodied carbon per hour times the hours of CPU time, divided by its cores: all cores busy for an
 * hour carry an hour of the machine.
 *
 * @see "docs/adr/0014-energy.md"
 */
@Service
public class EnergyEstimator {
    private static final double JOULES_PER_KWH = 3_600_000;
    private static final double NANOS_PER_HOUR = 3_600e9;
    private static final double MICRO = 1e6;
    private static final double NANO = 1e9;

    private final EnergyProperties properties;
    private final int cores;
    private final @Nullable PowerProbe probe;

    @Autowired
    EnergyEstimator(EnergyProperties properties) {
        this(properties, Runtime.getRuntime().availableProcessors(), modelled(properties));
    }

    EnergyEstimator(EnergyProperties properties, int cores, @Nullable PowerProbe probe) {
        this.properties = properties;
        this.cores = cores;
        this.probe = probe;
    }

    private static @Nullable PowerProbe modelled(EnergyProperties properties) {
        Double watts = properties.wattsPerCore();
        return watts == null ? null : new ModelledPower(watts);
    }

    /** Whether anything can be said of any computation. */
    public boolean isConfigured() {
        return probe != null;
    }

    /**
     * Of a computation that ends now; null where nothing can be said of it, and where the figure
     * would be one that nobody may believe.
     *
     * @param cpu time of all its threads
     * @param elapsed how long ago it began
     */
    public @Nullable Energy of(Duration cpu, Duration elapsed) {
        if (probe == null || !cpu.isPositive()) {
            return null;
        }
        OptionalDouble drawn = probe.joules(cpu, elapsed);
        if (drawn.isEmpty()) {
            return null;
        }
        double joules = drawn.getAsDouble() * properties.pue();
        Energy energy =
                new Energy((long) Math.ceil(joules * MICRO), carbon(joules, cpu), probe.method());
        return Energy.isPlausible(energy) ? energy : null;
    }

    private @Nullable Long carbon(double joules, Duration cpu) {
        Double intensity = properties.gridIntensity();
        if (intensity == null) {
            return null;
        }
        Double embodied = properties.embodiedGramsPerHour();
        double made = embodied == null ? 0 : embodied * cpu.toNanos() / NANOS_PER_HOUR / cores;
        return (long) Math.ceil((joules / JOULES_PER_KWH * intensity + made) * NANO);
    }
}
