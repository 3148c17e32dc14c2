package dev.atrium.gateway.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LivingGatewaysTests {
    private final AtomicLong now = new AtomicLong(-5);
    private final LivingGateways living = new LivingGateways(now::get);

    @Test
    void knowsNothingUntilItIsTold() {
        assertThat(living.count()).isZero();

        living.heard(1);

        assertThat(living.count()).isEqualTo(1);
    }

    @Test
    void countsMoreAtOnce() {
        living.heard(1);

        living.heard(3);

        assertThat(living.count()).isEqualTo(3);
    }

    @Test
    void countsFewerOnlyWhenNothingOfTheFormerOnesIsLeftInTheMinute() {
        living.heard(3);
        for (int second = 0; second < 61; second += 2) {
            now.addAndGet(Duration.ofSeconds(2).toNanos());
            living.heard(2);
        }
        assertThat(living.count()).isEqualTo(3);

        now.addAndGet(Duration.ofSeconds(2).toNanos());
        living.heard(2);

        assertThat(living.count()).isEqualTo(2);
    }

    @Test
    void waitsAnewWhenOneComesBackMeanwhile() {
        living.heard(2);
        now.addAndGet(Duration.ofSeconds(40).toNanos());
        living.heard(1);
        living.heard(2);

        now.addAndGet(Duration.ofSeconds(40).toNanos());
        living.heard(1);

        assertThat(living.count()).isEqualTo(2);
    }
}
