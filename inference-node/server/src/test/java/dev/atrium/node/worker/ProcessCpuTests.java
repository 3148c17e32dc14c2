package dev.atrium.node.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The kernel's clock of a process. */
class ProcessCpuTests {
    private static final long NO_PROCESS = (1L << 22) + 1;

    @Test
    void goesOnWhileTheProcessComputes() {
        long pid = ProcessHandle.current().pid();
        long before = ProcessCpu.nanos(pid);

        long sum = 0;
        do {
            sum += System.nanoTime();
        } while (ProcessCpu.nanos(pid) - before < 1_000_000);

        assertThat(sum).isNotZero();
        assertThat(before).isPositive();
    }

    @Test
    void knowsNothingOfAProcessThatIsNotThere() {
        assertThat(ProcessCpu.isReadable()).isTrue();
        assertThat(ProcessCpu.nanos(NO_PROCESS)).isEqualTo(ProcessCpu.UNKNOWN);
    }
}
