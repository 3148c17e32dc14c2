package dev.atrium.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlidingWindowTests {
    private static final long SECOND = 1_000_000_000L;
    private static final long MINUTE = 60 * SECOND;

    @Test
    void takesAllAtOnceAndNoMoreBeforeThatIsAWindowOld() {
        SlidingWindow window = whole(60);

        assertThat(window.take(1, 100, 0)).isEqualTo(60);
        assertThat(window.take(1, 100, MINUTE - 1)).isZero();
        assertThat(window.take(1, 100, MINUTE + SECOND)).isEqualTo(60);
    }

    @Test
    void saysWhenItWillTakeAndKeepsItsWord() {
        Random random = new Random(3);
        SlidingWindow window = whole(20);
        long now = 0;
        for (int i = 0; i < 10_000; i++) {
            long units = 1 + random.nextInt(20);
            long wait = window.nanosUntil(units, now);
            if (wait > 0) {
                assertThat(window.take(units, units, now + wait - 1)).isZero();
            }
            now += wait;
            assertThat(window.take(units, units, now)).isEqualTo(units);
        }
        assertThat(window.nanosUntil(21, now)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void neverTakesLessThanIsOfUse() {
        SlidingWindow window = whole(10);

        assertThat(window.take(11, 20, 0)).isZero();
        assertThat(window.take(4, 7, 0)).isEqualTo(7);
        assertThat(window.take(4, 7, 0)).isZero();
        assertThat(window.credit(0)).isEqualTo(3);
        assertThat(new SlidingWindow(MINUTE, 10, 0).take(1, 1, 0)).isZero();
    }

    @Test
    void givesBackWhatWasNotUsedButNotWhatIsTooOldToCount() {
        SlidingWindow window = whole(10);
        int mark = window.mark(0);
        window.take(10, 10, 0);

        window.refund(4, mark, SECOND);
        assertThat(window.credit(SECOND)).isEqualTo(4);
        window.take(4, 4, 5 * SECOND);
        window.refund(6, mark, MINUTE + 2 * SECOND);

        assertThat(window.credit(MINUTE + 2 * SECOND)).isEqualTo(6);
    }

    @Test
    void handsOnOnlyPlacesThatHaveServedNobodyForAWindow() {
        SlidingWindow window = whole(10);
        window.take(4, 4, 0);

        window.park(3, SECOND);

        assertThat(window.release(SECOND)).isEqualTo(6);
        assertThat(window.take(1, 10, SECOND)).isZero();
        assertThat(window.release(MINUTE + SECOND)).isEqualTo(1);
        assertThat(window.take(1, 10, MINUTE + SECOND)).isEqualTo(3);
    }

    @Test
    void remembersWhatWasTakenWithPlacesThatAreGone() {
        SlidingWindow window = whole(10);
        window.take(7, 7, 0);

        assertThat(window.drop(0)).isEqualTo(10);
        window.gain(10, SECOND);

        assertThat(window.credit(SECOND)).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18})
    void keepsTheBoundWhilePlacesMoveBetweenThree(long seed) {
        Random random = new Random(seed);
        long places = 1 + random.nextInt(60);
        MovingParts moving =
                new MovingParts(
                        Stream.generate(() -> new SlidingWindow(SECOND, places, 0))
                                .limit(3)
                                .toList(),
                        random);

        List<Long> all =
                moving.takeAtRandom(6_000).stream()
                        .flatMap(taken ->
                                Collections.nCopies((int) taken.units(), taken.at()).stream())
                        .toList();

        for (int i = (int) places; i < all.size(); i++) {
            assertThat(all.get(i) - all.get(i - (int) places)).isGreaterThanOrEqualTo(SECOND);
        }
        assertThat(all).hasSizeGreaterThan(2 * (int) places);
        assertThat(moving.slices()).isEqualTo(places);
    }

    private static SlidingWindow whole(long places) {
        SlidingWindow window = new SlidingWindow(MINUTE, places, 0);
        window.gain(places, 0);
        return window;
    }
}
