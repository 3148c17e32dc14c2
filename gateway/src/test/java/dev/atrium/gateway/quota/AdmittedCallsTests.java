package dev.atrium.gateway.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.atrium.gateway.quota.AdmittedCalls.Call;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdmittedCallsTests {
    private static final Instant BEGIN = Instant.parse("2026-11-24T10:00:00Z");
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void findsTheFullestWindowWhereverItBegins() {
        AdmittedCalls calls =
                new AdmittedCalls(
                        List.of(call(0, 10, 3), call(900, 910, 4), call(1_100, 1_110, 5)));

        assertThat(calls.units()).isEqualTo(12);
        assertThat(calls.mostWithin(SECOND)).isEqualTo(9);
    }

    @Test
    void doesNotCountACallThatMayHaveBeenAdmittedBeforeOrAfter() {
        AdmittedCalls calls = new AdmittedCalls(List.of(call(0, 500, 1), call(400, 1_400, 1)));

        assertThat(calls.mostWithin(SECOND)).isEqualTo(1);
        assertThat(calls.mostWithin(Duration.ofMillis(1_401))).isEqualTo(2);
    }

    @Test
    void measuresHowMuchABoundIsPassedInTheWorstStretch() {
        AdmittedCalls calls =
                new AdmittedCalls(
                        List.of(call(0, 0, 1), call(1_000, 1_000, 4), call(1_500, 1_500, 1)));

        // 4 at once, and 1 half a second later, where 2 and 2 a second are allowed.
        assertThat(calls.mostBeyond(seconds -> 2 + 2 * seconds)).isCloseTo(2, within(1e-6));
        assertThat(calls.mostBeyond(seconds -> 9)).isCloseTo(-3, within(1e-6));
    }

    private static Call call(long came, long opened, long units) {
        return new Call(BEGIN.plusMillis(came), BEGIN.plusMillis(opened), units);
    }
}
