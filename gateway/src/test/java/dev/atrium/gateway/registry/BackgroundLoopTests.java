package dev.atrium.gateway.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackgroundLoopTests {
    private final AtomicInteger rounds = new AtomicInteger();
    private final AtomicBoolean failing = new AtomicBoolean();
    private final BackgroundLoop loop = new BackgroundLoop("test", this::step);

    private Duration step() throws IOException {
        rounds.incrementAndGet();
        if (failing.get()) {
            throw new IOException("not now");
        }
        return Duration.ofMillis(5);
    }

    @Test
    void pausesTwiceAsLongAfterEachFailureUpToFiveSeconds() {
        List<Long> longest =
                IntStream.rangeClosed(1, 8)
                        .mapToObj(failures -> BackgroundLoop.longestPause(failures).toMillis())
                        .toList();

        assertThat(longest)
                .containsExactly(200L, 400L, 800L, 1_600L, 3_200L, 5_000L, 5_000L, 5_000L);
        assertThat(BackgroundLoop.longestPause(Integer.MAX_VALUE)).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void pausesAtLeastHalfAsLongAndNotAlwaysTheSame() {
        List<Long> pauses =
                IntStream.range(0, 200)
                        .mapToObj(i -> BackgroundLoop.pauseAfter(3).toMillis())
                        .toList();

        assertThat(pauses).allMatch(pause -> pause >= 400 && pause <= 800);
        assertThat(pauses.stream().distinct().count()).isGreaterThan(20);
    }

    @Test
    void triesLessOftenWhileItFailsAndAsOftenAsEverWhenItWorksAgain() {
        failing.set(true);
        loop.start();
        try {
            int failed = roundsWithin(Duration.ofMillis(900));
            failing.set(false);
            await().until(() -> roundsWithin(Duration.ofMillis(200)) > 5);
            failing.set(true);
            int failedAgain = roundsWithin(Duration.ofMillis(900));

            // The first, and at the earliest after 0.1, 0.3 and 0.7 s.
            assertThat(failed).isBetween(2, 4);
            assertThat(failedAgain).isBetween(2, 5);
        } finally {
            loop.stop();
        }
        assertThat(loop.isRunning()).isFalse();
    }

    private int roundsWithin(Duration time) {
        int before = rounds.get();
        await().pollDelay(time).until(() -> true);
        return rounds.get() - before;
    }
}
