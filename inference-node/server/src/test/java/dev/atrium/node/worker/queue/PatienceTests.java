package dev.atrium.node.worker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Whether waiting for more calls pays. */
class PatienceTests {
    private static final double BATCH = 20e6;
    private final Patience patience = new Patience(Duration.ofMillis(5));

    @Test
    void learnsThatNobodyComesBackAndTriesAgainNowAndThen() {
        int waits = 0;
        for (int i = 0; i < 400; i++) {
            if (patience.nanos(8, 1, BATCH) > 0) {
                waits++;
                patience.waited(8, 0);
            }
        }

        assertThat(waits).isBetween(8, 24);
    }

    @Test
    void keepsWaitingWhileCallersComeBack() {
        for (int i = 0; i < 100; i++) {
            assertThat(patience.nanos(8, 1, BATCH)).isEqualTo(2_500_000);
            patience.waited(8, 7);
        }
    }

    @Test
    void doesNotWaitWhereManyWaitAlready() {
        assertThat(patience.nanos(2, 31, BATCH)).isZero();
    }

    @Test
    void doesNotWaitForShortBatches() {
        assertThat(patience.nanos(8, 1, 100_000)).isZero();
    }
}
