package dev.atrium.registry.api.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UnitPricesTests {
    private static final UnitPrices PRICES = new UnitPrices(10L, 3L, 7L, 11L);

    @Test
    void roundsTheSumUpOnce() {
        // 10 + 3 x 100,000 + 7 x 100,000 + 11 x 3
        assertThat(PRICES.costMicros(new Consumption(true, 100_000, 100_000, 2_001))).isEqualTo(2);
        assertThat(new UnitPrices(1_000_000L, null, null, null).costMicros(1, 9, 9, 9))
                .isEqualTo(1);
    }

    @Test
    void costsNothingWhereNothingIsUsedOrAllIsFree() {
        assertThat(PRICES.costMicros(new Consumption(false, 0, 0, 0))).isZero();
        assertThat(new UnitPrices(0L, 0L, null, 0L).costMicros(1, 5, 5, 5)).isZero();
    }

    @Test
    void costsAtMostTheHighestCostWhateverIsUsed() {
        UnitPrices dearest =
                new UnitPrices(UnitPrices.MOST, UnitPrices.MOST, UnitPrices.MOST, UnitPrices.MOST);

        assertThat(dearest.costMicros(1, Long.MAX_VALUE, Long.MAX_VALUE, 5))
                .isEqualTo(UnitPrices.MOST);
        assertThat(dearest.costMicros(1, 0, 0, 0)).isEqualTo(UnitPrices.MOST / 1_000_000);
        // Too large for one step of the computation, not for its result.
        assertThat(dearest.costMicros(0, 10_000, 0, 0)).isEqualTo(UnitPrices.MOST / 100);
    }
}
