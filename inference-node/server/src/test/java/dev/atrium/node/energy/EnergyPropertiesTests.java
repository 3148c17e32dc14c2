package dev.atrium.node.energy;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings that would make every figure wrong are refused by name. */
class EnergyPropertiesTests {

    @ParameterizedTest
    @CsvSource({
        "0, 1, , , watts-per-core is 0.0",
        "-3, 1, , , watts-per-core is -3.0",
        "NaN, 1, , , watts-per-core is NaN",
        "1e300, 1, , , watts-per-core is 1.0E300",
        "5, 0.9, , , pue is 0.9",
        "5, 1, -1, , grid-intensity is -1.0",
        "5, 1, 300, -1, embodied-grams-per-hour is -1.0",
        ", 1, 300, , grid-intensity means nothing without atrium.node.energy.watts-per-core",
        "5, 1, , 2, embodied-grams-per-hour means nothing without atrium.node.energy.grid-intensity"
    })
    void namesWhatCannotBe(
            @Nullable Double watts,
            double pue,
            @Nullable Double grid,
            @Nullable Double embodied,
            String words) {
        assertThatThrownBy(() -> new EnergyProperties(watts, pue, grid, embodied))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(words);
    }
}
