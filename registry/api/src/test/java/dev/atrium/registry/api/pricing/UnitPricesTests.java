package dev.atrium.registry.api.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UnitPricesTests {
    private static final UnitPrices PRICES = new UnitPrices(10L, 3L, 7L, 11L);

    @Test
    void roundsTheSumUpOnce() {
        // 10 + 3 x 100,000 + 7 x 100,000 + 11 x 3
        assertThat(PRICES.costMicros(new Consumption(true, 100_000, 100_000, 2_001))).isEqualTo(2);
        assertThat(new UnitPrices(1_000_000L, null, null, null).costMicros(used(1, 9, 9, 9)))
                .isEqualTo(1);
    }

    @Test
    void costsNothingWhereNothingIsUsedOrAllIsFree() {
        assertThat(PRICES.costMicros(new Consumption(false, 0, 0, 0))).isZero();
        assertThat(new UnitPrices(0L, 0L, null, 0L).costMicros(used(1, 5, 5, 5))).isZero();
    }

    @Test
    void costsAtMostTheHighestCostWhateverIsUsed() {
        UnitPrices dearest =
                new UnitPrices(UnitPrices.MOST, UnitPrices.MOST, UnitPrices.MOST, UnitPrices.MOST);

        assertThat(dearest.costMicros(used(1, Long.MAX_VALUE, Long.MAX_VALUE, 5)))
                .isEqualTo(UnitPrices.MOST);
        assertThat(dearest.costMicros(used(1, 0, 0, 0))).isEqualTo(UnitPrices.MOST / 1_000_000);
        // Too large for one step of the computation, not for its result.
        assertThat(dearest.costMicros(used(0, 10_000, 0, 0))).isEqualTo(UnitPrices.MOST / 100);
    }

    @Test
    void countsPicturesAndSound() {
        UnitPrices prices = new UnitPrices(null, null, null, null, 2_000_000L, 100_000L, null);

        // Three pictures at 2, and 1.5 seconds at 100 a second, together.
        assertThat(prices.costMicros(new Consumption(true, 5, 5, 5, 3, 1_500))).isEqualTo(156);
        assertThat(prices.costMicros(new Consumption(true, 5, 5, 5))).isZero();
        assertThat(prices.costMicros(new Consumption(true, 0, 0, 0, 0, 1))).isEqualTo(1);
    }

    private static Consumption used(int requests, long input, long output, long millis) {
        return new Consumption(requests > 0, input, output, millis * 1_000);
    }
}
