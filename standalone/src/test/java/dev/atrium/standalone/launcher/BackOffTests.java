package dev.atrium.standalone.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackOffTests {
    private final BackOff backOff = new BackOff(Duration.ofMinutes(1));

    @Test
    void doublesUpToHalfAMinute() {
        assertThat(backOff.after(Duration.ofSeconds(1))).isEqualTo(Duration.ofMillis(250));
        assertThat(backOff.after(Duration.ofSeconds(1))).isEqualTo(Duration.ofMillis(500));

        IntStream.range(0, 10).forEach(i -> backOff.after(Duration.ZERO));

        assertThat(backOff.after(Duration.ZERO)).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void beginsAgainOnceAServiceHasLived() {
        IntStream.range(0, 5).forEach(i -> backOff.after(Duration.ZERO));

        assertThat(backOff.after(Duration.ofMinutes(2))).isEqualTo(Duration.ofMillis(250));
    }
}
