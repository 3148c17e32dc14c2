package dev.atrium.node.energy;

import dev.atrium.registry.api.usage.EnergyMethod;
import java.time.Duration;
import java.util.OptionalDouble;

/** A busy core takes what the operator says, an idle one nothing. */
record ModelledPower(double wattsPerCore) implements PowerProbe {
    private static final double NANOS_PER_SECOND = 1e9;

    @Override
    public EnergyMethod method() {
        return EnergyMethod.MODELLED;
    }

    @Override
    public OptionalDouble joules(Duration cpu, Duration elapsed) {
        return OptionalDouble.of(wattsPerCore * cpu.toNanos() / NANOS_PER_SECOND);
    }
}
