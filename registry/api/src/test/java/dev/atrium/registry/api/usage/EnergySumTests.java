package dev.atrium.registry.api.usage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Sums of what is known of some calls and not of others. */
class EnergySumTests {
    private static final EnergySum SOME = new EnergySum(2, 1, 30, CarbonSum.of(1, 10, 7));
    private static final EnergySum MORE = new EnergySum(3, 0, 12, CarbonSum.of(2, 1_500, 4));
    private static final EnergySum WITHOUT_CARBON = new EnergySum(1, 0, 5, null);

    @Test
    void ofNoCallsIsNotZeroButNothing() {
        assertThat(EnergySum.of(0, 0, 0, null)).isNull();
        assertThat(CarbonSum.of(0, 0, 0)).isNull();
        assertThat(EnergySum.both(null, null)).isNull();
    }

    @Test
    void addsUpWhatIsKnown() {
        assertThat(EnergySum.both(SOME, MORE))
                .isEqualTo(new EnergySum(5, 1, 42, CarbonSum.of(3, 1_510, 11)));
        assertThat(EnergySum.both(SOME, null)).isEqualTo(SOME);
        assertThat(EnergySum.both(null, MORE)).isEqualTo(MORE);
        assertThat(EnergySum.both(SOME, WITHOUT_CARBON))
                .isEqualTo(new EnergySum(3, 1, 35, CarbonSum.of(1, 10, 7)));
    }

    @Test
    void saysPerUnitWhatItIsOfTheCallsThatHaveAFigure() {
        assertThat(CarbonSum.of(3, 1_500, 10)).isEqualTo(new CarbonSum(3, 1_500, 10, 4, 7L));
        assertThat(CarbonSum.of(3, 0, 10)).isEqualTo(new CarbonSum(3, 0, 10, 4, null));
        assertThat(CarbonSum.of(1, 1, Long.MAX_VALUE).nanogramsPerThousandTokens())
                .isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void anEnergyIsPlausibleOrAbsent() {
        assertThat(Energy.isPlausible(null)).isTrue();
        assertThat(Energy.isPlausible(new Energy(1, 0L, EnergyMethod.MEASURED))).isTrue();
        assertThat(Energy.isPlausible(new Energy(0, 0L, EnergyMethod.MEASURED))).isFalse();
        assertThat(Energy.isPlausible(new Energy(10_000_000_000_001L, null, EnergyMethod.MODELLED)))
                .isFalse();
    }
}
