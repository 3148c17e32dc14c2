package dev.atrium.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.gateway.admission.MovingParts.Taken;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GcraTests {
    private static final long SECOND = 1_000_000_000L;
    private static final double ROUNDING = 1e-6;

    @Test
    void takesTheBurstAtOnceAndThenTheRate() {
        Gcra gcra = whole(10, 5, 0);

        assertThat(gcra.take(1, 100, 0)).isEqualTo(5);
        assertThat(gcra.take(1, 100, SECOND / 10 - 1)).isZero();
        assertThat(gcra.take(1, 100, SECOND / 10 + 3)).isEqualTo(1);
        assertThat(gcra.take(1, 100, 20 * SECOND)).isEqualTo(5);
    }

    @Test
    void saysWhenItWillTakeAndKeepsItsWord() {
        Random random = new Random(3);
        Gcra gcra = whole(7, 20, 0);
        long now = 0;
        for (int i = 0; i < 10_000; i++) {
            long units = 1 + random.nextInt(20);
            now += gcra.nanosUntil(units, now);
            assertThat(gcra.take(units, units, now)).isEqualTo(units);
        }
    }

    @Test
    void neverTakesLessThanIsOfUse() {
        Gcra gcra = whole(10, 10, 0);

        assertThat(gcra.take(11, 20, 0)).isZero();
        assertThat(gcra.take(4, 7, 0)).isEqualTo(7);
        assertThat(gcra.take(4, 7, 0)).isZero();
        assertThat(gcra.take(3, 7, 0)).isEqualTo(3);
        assertThat(gcra.nanosUntil(11, 0)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void takesNothingAtARateOfZeroWithoutSlicesOrBeforeItsTime() {
        assertThat(new Gcra(5, SECOND, 5, 5, 0).take(1, 1, SECOND)).isZero();
        Gcra spent = whole(5, 5, SECOND);
        spent.take(5, 5, SECOND);
        assertThat(spent.take(1, 1, 0)).isZero();
    }

    @Test
    void handsOnOnlyFullSlices() {
        Gcra gcra = whole(10, 10, 0);
        gcra.take(4, 4, 0);

        gcra.park(5, 0);
        assertThat(gcra.release(0)).isEqualTo(1);
        assertThat(gcra.credit(0)).isEqualTo(5);
        assertThat(gcra.parked()).isEqualTo(4);
        assertThat(gcra.release(gcra.nanosUntilRelease(0))).isEqualTo(1);
        assertThat(gcra.release(10 * SECOND)).isEqualTo(3);
        assertThat(gcra.nanosUntilRelease(10 * SECOND)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void takesParkedSlicesBackIntoUse() {
        Gcra gcra = whole(10, 10, 0);
        gcra.take(10, 10, 0);
        gcra.park(0, 0);

        assertThat(gcra.take(1, 10, SECOND / 2 + 3)).isZero();
        gcra.unpark(SECOND / 2 + 3);

        assertThat(gcra.take(1, 10, SECOND / 2 + 3)).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void neverTakesMoreThanBurstAndRateInAnyStretchOfTime(long seed) {
        Random random = new Random(seed);
        long amount = 1 + random.nextInt(200);
        long burst = 1 + random.nextInt(50);
        Gcra gcra = whole(amount, burst, 0);
        List<Taken> all = new ArrayList<>();
        long now = 0;
        long offered = 0;
        for (int i = 0; i < 3_000; i++) {
            now += (long) (random.nextDouble() * random.nextDouble() * 40e6);
            long units = 1 + random.nextInt(4);
            offered += units;
            long taken = gcra.take(1, units, now);
            all.add(new Taken(now, taken));
        }

        assertBounded(all, amount, burst);
        long sum = all.stream().mapToLong(Taken::units).sum();
        assertThat((double) sum)
                .isGreaterThan(Math.min(offered, amount * (now / 1e9)) * 0.7 - burst);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18})
    void keepsTheBoundWhileSlicesMoveBetweenThree(long seed) {
        Random random = new Random(seed);
        long amount = 1 + random.nextInt(300);
        long burst = 1 + random.nextInt(60);
        List<Gcra> three =
                Stream.generate(() -> new Gcra(amount, SECOND, burst, burst, 0)).limit(3).toList();
        MovingParts moving = new MovingParts(three, random);

        List<Taken> all = moving.takeAtRandom(4_000);

        assertBounded(all, amount, burst);
        assertThat(all.stream().mapToLong(Taken::units).sum()).isGreaterThan(burst);
        assertThat(moving.slices()).isEqualTo(burst);
    }

    @Test
    void handsTheThroughputOverThatItGivesUp() {
        Gcra from = whole(100, 100, 0);
        Gcra to = new Gcra(100, SECOND, 100, 100, 0);
        from.take(100, 100, 0);
        from.park(50, 0);
        long kept = 0;
        long moved = 0;
        for (long now = 0; now <= 2 * SECOND; now += SECOND / 100) {
            kept += from.take(1, 100, now);
            to.gain(from.release(now), now);
            moved += to.take(1, 100, now);
        }

        assertThat(kept).isBetween(98L, 100L);
        assertThat(moved).isBetween(96L, 100L);
    }

    @Test
    void countsExactlyUnderConcurrency() throws Exception {
        Gcra gcra = whole(1, 10_000, 0);
        AtomicLong sum = new AtomicLong();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<?>> all = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                all.add(
                        threads.submit(() -> {
                            for (int i = 0; i < 5_000; i++) {
                                sum.addAndGet(gcra.take(1, 1, 0));
                            }
                        }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        }

        assertThat(sum).hasValue(10_000);
    }

    private static Gcra whole(long amount, long burst, long now) {
        Gcra gcra = new Gcra(amount, SECOND, burst, burst, now);
        gcra.gain(burst, now);
        return gcra;
    }

    /** By brute force: every stretch that begins and ends with something taken. */
    private static void assertBounded(List<Taken> all, long amount, long burst) {
        for (int begin = 0; begin < all.size(); begin++) {
            long sum = 0;
            for (int end = begin; end < all.size(); end++) {
                sum += all.get(end).units();
                double passed = (all.get(end).at() - all.get(begin).at()) / 1e9;
                if (sum > burst + amount * passed + ROUNDING) {
                    throw new AssertionError(
                            "%d taken in %f s at %d per second and a burst of %d"
                                    .formatted(sum, passed, amount, burst));
                }
            }
        }
    }
}
