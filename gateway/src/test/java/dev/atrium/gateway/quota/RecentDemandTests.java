package dev.atrium.gateway.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RecentDemandTests {
    private static final long SECOND = 1_000_000_000L;

    private final RecentDemand demand = new RecentDemand(-SECOND);

    @Test
    void isNoneUntilSomethingIsWanted() {
        assertThat(demand.isNone()).isTrue();

        demand.add(3, 0);

        assertThat(demand.isNone()).isFalse();
    }

    @Test
    void knowsHowLongNothingWasWanted() {
        assertThat(demand.idleNanos(0)).isEqualTo(SECOND);

        demand.add(1, 5);

        assertThat(demand.idleNanos(7)).isEqualTo(2);
    }

    @Test
    void followsWhatIsWantedPerSecond() {
        demand.add(10, -SECOND);
        demand.look(0);
        assertThat(demand.perSecond()).isCloseTo(3, within(1e-9));

        demand.add(20, 0);
        demand.look(2 * SECOND);

        assertThat(demand.perSecond()).isCloseTo(3 * 0.7 + 10 * 0.3, within(1e-9));
    }

    @Test
    void remembersTheMostForAWhile() {
        demand.add(100, -SECOND);
        demand.look(0);
        for (int i = 1; i <= 600; i++) {
            demand.look(i * SECOND / 10);
        }

        assertThat(demand.perSecond()).isZero();
        assertThat(demand.habitPerSecond()).isCloseTo(15, within(0.01));

        demand.add(1_000, 60 * SECOND);
        demand.look(61 * SECOND);

        assertThat(demand.habitPerSecond()).isCloseTo(300, within(1e-9));
    }

    @Test
    void looksAgainAfterATenthOfASecondAtTheEarliest() {
        demand.add(10, -SECOND);
        demand.look(-SECOND + 99_999_999);
        assertThat(demand.perSecond()).isZero();

        demand.look(-SECOND + 100_000_000);

        assertThat(demand.perSecond()).isCloseTo(30, within(1e-9));
    }

    @Test
    void endsAtNothing() {
        demand.add(1, -SECOND);
        long now = 0;
        for (int i = 0; i < 40; i++) {
            demand.look(now);
            now += SECOND;
        }

        assertThat(demand.perSecond()).isZero();
    }
}
