package dev.atrium.node.worker;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * CPU time of processes by the clock that Linux keeps of each: nanoseconds, where {@code /proc} has
 * hundredths of a second. The process itself has no part in it.
 */
final class ProcessCpu {
    static final long UNKNOWN = -1;

    /** The kernel's CPUCLOCK_SCHED; in front of it the process, inverted. */
    private static final int SCHEDULER_CLOCK = 2;

    private static final int CLOCK_BITS = 3;
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final Optional<MethodHandle> CLOCK_GETTIME = find();

    private ProcessCpu() {}

    private static Optional<MethodHandle> find() {
        boolean linux = System.getProperty("os.name").equals("Linux");
        if (!linux || ValueLayout.ADDRESS.byteSize() != Long.BYTES) {
            return Optional.empty();
        }
        Linker linker = Linker.nativeLinker();
        FunctionDescriptor shape =
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS);
        return linker.defaultLookup()
                .find("clock_gettime")
                .map(address ->
                        linker.downcallHandle(address, shape, Linker.Option.critical(true)));
    }

    static boolean isReadable() {
        return nanos(ProcessHandle.current().pid()) != UNKNOWN;
    }

    /** Of all threads that the process has or had; {@link #UNKNOWN} when it is gone. */
    static long nanos(long pid) {
        if (CLOCK_GETTIME.isEmpty()) {
            return UNKNOWN;
        }
        long[] time = new long[2];
        int clock = (int) (~pid << CLOCK_BITS) | SCHEDULER_CLOCK;
        try {
            int result = (int) CLOCK_GETTIME.get().invokeExact(clock, MemorySegment.ofArray(time));
            return result == 0 ? time[0] * NANOS_PER_SECOND + time[1] : UNKNOWN;
        } catch (Throwable e) {
            throw new IllegalStateException("clock_gettime cannot be called", e);
        }
    }
}
