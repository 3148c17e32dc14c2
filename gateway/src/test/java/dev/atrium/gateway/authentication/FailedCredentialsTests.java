package dev.atrium.gateway.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FailedCredentialsTests {
    private final AtomicLong now = new AtomicLong(Duration.ofHours(5).toNanos());
    private final FailedCredentials failures =
            new FailedCredentials(TestProperties.withFailuresPerMinute(3), now::get);

    @Test
    void throttlesAnAddressAfterTooManyFailuresUntilTheWindowEnds() {
        for (int i = 0; i < 3; i++) {
            assertThat(failures.count("1.2.3.4")).isEmpty();
        }
        now.addAndGet(Duration.ofSeconds(20).toNanos());

        Optional<Duration> wait = failures.count("1.2.3.4");

        assertThat(wait).contains(Duration.ofSeconds(40));
        now.addAndGet(Duration.ofSeconds(40).toNanos());
        assertThat(failures.waitOf("1.2.3.4")).isEmpty();
    }

    @Test
    void tellsTheWaitBeforeTheWorkIsDone() {
        for (int i = 0; i < 3; i++) {
            failures.count("1.2.3.4");
        }

        assertThat(failures.waitOf("1.2.3.4")).isPresent();
        assertThat(failures.waitOf("4.3.2.1")).isEmpty();
    }

    @Test
    void remembersABoundedNumberOfAddresses() {
        IntStream.range(0, 10_000).forEach(i -> failures.count("10.0.0." + i));

        assertThat(failures.size()).isBetween(1L, 100L);
    }
}
