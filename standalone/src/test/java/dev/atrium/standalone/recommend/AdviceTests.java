package dev.atrium.standalone.recommend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.registry.api.deployment.Execution;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AdviceTests {
    private static final Measured ONE = measured("one", 1, 1, point(1, 100, 10), point(4, 200, 20));
    private static final Measured TWO =
            measured("two", 1, 2, point(1, 100, 10), point(4, 390, 12), point(16, 400, 50));

    @Test
    void theKneeIsTheFewestCallersThatBringNearlyTheMost() {
        assertThat(new Advice(null).knee(TWO).orElseThrow().knee().callers()).isEqualTo(4);
    }

    @Test
    void takesTheSettingWithTheMostCalls() {
        assertThat(new Advice(null).of(List.of(ONE, TWO)).orElseThrow().setting()).isSameAs(TWO);
    }

    @Test
    void takesFewerThreadsWhereTheyBringAsMuch() {
        Measured four = measured("four", 4, 1, point(4, 405, 12));

        assertThat(new Advice(null).of(List.of(four, TWO)).orElseThrow().setting()).isSameAs(TWO);
    }

    @Test
    void countsOnlyWhatIsWithinTheWantedP99() {
        Advice advice = new Advice(Duration.ofMillis(11));

        assertThat(advice.of(List.of(ONE, TWO)).orElseThrow().setting()).isSameAs(ONE);
        assertThat(advice.of(List.of(ONE, TWO)).orElseThrow().knee().callers()).isEqualTo(1);
        assertThat(new Advice(Duration.ofMillis(1)).of(List.of(ONE, TWO))).isEmpty();
    }

    @Test
    void takesNothingThatFails() {
        Point failing =
                new Point(1, 900, Duration.ofMillis(1), Duration.ofMillis(1), 1, 1, 1, "503");
        Measured bad = new Measured("bad", Execution.DEFAULT, List.of(failing));

        assertThat(new Advice(null).of(List.of(bad, ONE)).orElseThrow().setting()).isSameAs(ONE);
        assertThat(new Advice(null).of(List.of(bad))).isEmpty();
    }

    private static Measured measured(String name, int threads, int instances, Point... points) {
        return new Measured(
                name,
                new Execution(threads, instances, null, null, null),
                Stream.of(points).toList());
    }

    private static Point point(int callers, double perSecond, long p99) {
        return new Point(
                callers, perSecond, Duration.ofMillis(1), Duration.ofMillis(p99), 1, 1, 0, "");
    }
}
