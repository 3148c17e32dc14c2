package dev.atrium.node.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrium.node.energy.Estimators;
import dev.atrium.node.worker.EnergyMeter.Share;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Whose the CPU time of a worker is. A microjoule is a microsecond here. */
class EnergyMeterTests {
    private final AtomicLong cpu = new AtomicLong(5_000_000);
    private final EnergyMeter meter = new EnergyMeter(Estimators.oneWatt(), cpu::get);

    @Test
    void givesARequestThatIsAloneEverything() {
        Share only = meter.begin();
        cpu.addAndGet(3_000_000);

        assertThat(micros(only)).isEqualTo(3_000);
    }

    @Test
    void splitsWhatIsUsedTogetherEvenlyAndLosesNothing() {
        Share first = meter.begin();
        cpu.addAndGet(1_000_000);
        Share second = meter.begin();
        cpu.addAndGet(4_000_000);
        long ofFirst = micros(first);
        meter.end();
        cpu.addAndGet(500_000);

        assertThat(ofFirst).isEqualTo(1_000 + 2_000);
        assertThat(micros(second)).isEqualTo(2_000 + 500);
    }

    @Test
    void givesNobodyWhatIsUsedWhileNobodyIsThere() {
        meter.begin();
        meter.end();
        cpu.addAndGet(9_000_000);
        Share next = meter.begin();
        cpu.addAndGet(1_000_000);

        assertThat(micros(next)).isEqualTo(1_000);
    }

    @Test
    void saysNothingOnceTheWorkerIsGone() {
        Share last = meter.begin();
        cpu.set(ProcessCpu.UNKNOWN);

        assertThat(meter.soFar(last)).isNull();
    }

    @Test
    void saysNothingOfNothing() {
        assertThat(meter.soFar(meter.begin())).isNull();
    }

    @Test
    void asksForNothingWhereNobodyWantsToKnow() {
        EnergyMeter idle =
                new EnergyMeter(
                        Estimators.unknown(),
                        () -> {
                            throw new AssertionError("the clock is read");
                        });

        Share share = idle.begin();

        assertThat(idle.soFar(share)).isNull();
        idle.end();
    }

    private long micros(Share share) {
        return meter.soFar(share).microjoules();
    }
}
