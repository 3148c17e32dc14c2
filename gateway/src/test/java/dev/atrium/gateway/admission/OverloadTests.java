package dev.atrium.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atrium.gateway.admission.Overload.Strain;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Scheduler;
import reactor.test.scheduler.VirtualTimeScheduler;

class OverloadTests {
    private static final AdmissionProperties PROPERTIES =
            new AdmissionProperties(10, 90, 80, Duration.ofSeconds(1), Duration.ofMillis(200));

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicLong heapPercent = new AtomicLong();
    private final AtomicInteger collections = new AtomicInteger();
    private final VirtualTimeScheduler loop = VirtualTimeScheduler.create();
    private final Overload overload =
            new Overload(PROPERTIES, nanos::get, heapPercent::get, collections::incrementAndGet);

    @Test
    void shedsAboveTheUpperMarkOfTheHeapUntilTheLowerOne() {
        assertThat(strainAt(90)).isEqualTo(Strain.NONE);
        assertThat(strainAt(91)).isEqualTo(Strain.HEAP);
        assertThat(strainAt(85)).isEqualTo(Strain.HEAP);
        assertThat(strainAt(80)).isEqualTo(Strain.NONE);
        assertThat(strainAt(85)).isEqualTo(Strain.NONE);
    }

    @Test
    void asksForACollectionNowAndThenWhileItSheds() {
        strainAt(50);
        assertThat(collections).hasValue(0);

        strainAt(95);
        strainAt(95);
        assertThat(collections).hasValue(1);

        nanos.addAndGet(Duration.ofSeconds(5).toNanos());
        strainAt(95);
        assertThat(collections).hasValue(2);
    }

    @Test
    void shedsOnALoopThatIsLateAndNotOnOthers() {
        Scheduler other = VirtualTimeScheduler.create();
        overload.on(loop);

        pass(Duration.ofMillis(1_051));

        assertThat(overload.on(loop)).isEqualTo(Strain.EVENT_LOOP);
        assertThat(overload.on(other)).isEqualTo(Strain.NONE);
    }

    @Test
    void shedsOnALateLoopUntilItKeepsItsBeatAgain() {
        overload.on(loop);
        pass(Duration.ofSeconds(3));
        assertThat(overload.on(loop)).isEqualTo(Strain.EVENT_LOOP);

        loop.advanceTimeBy(Duration.ofMillis(50));
        assertThat(overload.on(loop)).as("the beat was late").isEqualTo(Strain.EVENT_LOOP);

        pass(Duration.ofMillis(50));
        loop.advanceTimeBy(Duration.ofMillis(50));
        assertThat(overload.on(loop)).isEqualTo(Strain.NONE);
    }

    @Test
    void bearsALoopThatIsALittleLate() {
        overload.on(loop);

        pass(Duration.ofMillis(1_000));

        assertThat(overload.on(loop)).isEqualTo(Strain.NONE);
    }

    @Test
    void marksThatAreTheWrongWayRoundAreRefusedByName() {
        assertThatThrownBy(() ->
                        new AdmissionProperties(
                                10, 80, 80, Duration.ofSeconds(1), Duration.ofMillis(200)))
                .hasMessageContaining("resume-heap-percent (80)")
                .hasMessageContaining("shed-heap-percent (80)");
        assertThatThrownBy(() ->
                        new AdmissionProperties(
                                10, 90, 80, Duration.ofSeconds(1), Duration.ofSeconds(2)))
                .hasMessageContaining("resume-loop-delay (PT2S)")
                .hasMessageContaining("shed-loop-delay (PT1S)");
    }

    private Strain strainAt(long percent) {
        heapPercent.set(percent);
        overload.look();
        return overload.on(loop);
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
