package dev.atrium.node.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.api.usage.Energy;
import dev.atrium.registry.api.usage.EnergyMethod;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whose is what of a batch. */
class SharesTests {

    @Test
    void addUpToTheWhole() {
        Random dice = new Random(5);
        for (int round = 0; round < 10_000; round++) {
            long whole = dice.nextLong(1L << dice.nextInt(1, 50));
            long[] weights = dice.longs(dice.nextInt(1, 40), 1, 1L << 40).toArray();

            long[] parts = Shares.of(whole, weights);

            assertThat(Arrays.stream(parts).sum()).isEqualTo(whole);
            assertThat(Arrays.stream(parts).min().getAsLong()).isNotNegative();
        }
    }

    @Test
    void areInProportion() {
        assertThat(Shares.of(100, new long[] {1, 3, 6})).containsExactly(10, 30, 60);
        assertThat(Shares.of(2, new long[] {1, 1, 1, 1})).containsExactly(0, 1, 0, 1);
        assertThat(Shares.of(7, new long[] {0, 5})).containsExactly(0, 7);
    }

    @Test
    void leaveOutWhereNothingIsLeftOfEnergy() {
        Energy whole = new Energy(10, 7L, EnergyMethod.MODELLED);

        List<Energy> parts = Shares.of(whole, new long[] {1, 0, 9});

        assertThat(parts.get(1)).isNull();
        assertThat(parts.stream().filter(Objects::nonNull).mapToLong(Energy::microjoules).sum())
                .isEqualTo(10);
        assertThat(
                        parts.stream()
                                .filter(Objects::nonNull)
                                .map(Energy::carbonNanograms)
                                .mapToLong(Long::longValue)
                                .sum())
                .isEqualTo(7);
        assertThat(Shares.of((Energy) null, new long[] {1, 2})).containsExactly(null, null);
    }
}
