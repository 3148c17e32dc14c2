package dev.atrium.node.energy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.api.usage.Energy;
import dev.atrium.registry.api.usage.EnergyMethod;
import java.time.Duration;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What CPU time means for the grid, reckoned by hand. */
class EnergyEstimatorTests {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration MILLI = Duration.ofMillis(1);

    @Test
    void isWattsTimesTimeTimesPue() {
        Energy energy = modelled(10.0, 1.5, null, null).of(MILLI, MILLI);

        assertThat(energy).isEqualTo(new Energy(15_000, null, EnergyMethod.MODELLED));
    }

    @Test
    void addsThePartOfTheMachineToWhatTheGridTakes() {
        Energy energy = modelled(10.0, 1.2, 500.0, 8.0).of(HOUR, HOUR);

        // 0.012 kWh of 500 g, and a fourth of 8 g.
        assertThat(energy)
                .isEqualTo(new Energy(43_200_000_000L, 8_000_000_000L, EnergyMethod.MODELLED));
    }

    @Test
    void saysNothingOfCarbonWhereTheGridIsNotKnown() {
        assertThat(modelled(10.0, 1, null, null).of(HOUR, HOUR).carbonNanograms()).isNull();
    }

    @Test
    void takesAGridWithoutCarbonAtItsWord() {
        assertThat(modelled(10.0, 1, 0.0, null).of(HOUR, HOUR).carbonNanograms()).isZero();
    }

    @Test
    void roundsUpSoThatNothingIsNoEnergy() {
        Energy energy = modelled(0.001, 1, 1.0, null).of(Duration.ofNanos(1), MILLI);

        assertThat(energy).isEqualTo(new Energy(1, 1L, EnergyMethod.MODELLED));
    }

    @Test
    void saysNothingWithoutWattsOrTime() {
        EnergyEstimator nothing = modelled(null, 1, null, null);

        assertThat(nothing.isConfigured()).isFalse();
        assertThat(nothing.of(HOUR, HOUR)).isNull();
        assertThat(modelled(10.0, 1, null, null).of(Duration.ZERO, HOUR)).isNull();
    }

    @Test
    void neverSaysWhatNobodyWouldBelieve() {
        assertThat(modelled(1_000.0, 10, null, null).of(Duration.ofDays(1), HOUR)).isNull();
        assertThat(probed(OptionalDouble.of(Double.NaN)).of(HOUR, HOUR)).isNull();
        assertThat(probed(OptionalDouble.of(Double.POSITIVE_INFINITY)).of(HOUR, HOUR)).isNull();
        assertThat(probed(OptionalDouble.of(-1)).of(HOUR, HOUR)).isNull();
        assertThat(probed(OptionalDouble.empty()).of(HOUR, HOUR)).isNull();
    }

    @Test
    void labelsWhatAProbeMeasured() {
        Energy energy = probed(OptionalDouble.of(2)).of(HOUR, HOUR);

        assertThat(energy).isEqualTo(new Energy(2_000_000, null, EnergyMethod.MEASURED));
    }

    private static EnergyEstimator modelled(
            @Nullable Double watts, double pue, @Nullable Double grid, @Nullable Double embodied) {
        PowerProbe probe = watts == null ? null : new ModelledPower(watts);
        return new EnergyEstimator(new EnergyProperties(watts, pue, grid, embodied), 4, probe);
    }

    private static EnergyEstimator probed(OptionalDouble joules) {
        PowerProbe probe =
                new PowerProbe() {
                    @Override
                    public EnergyMethod method() {
                        return EnergyMethod.MEASURED;
                    }

                    @Override
                    public OptionalDouble joules(Duration cpu, Duration elapsed) {
                        return joules;
                    }
                };
        return new EnergyEstimator(new EnergyProperties(null, 1, null, null), 4, probe);
    }
}
