package dev.atrium.node.worker.wall;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Map;

/** System calls that have no Java method, by the C library's {@code syscall}. */
final class Kernel {
    private static final int ARGUMENTS = 6;
    private static final int PRCTL_SET_DEATH_SIGNAL = 1;
    private static final int PRCTL_DROP_FROM_BOUNDING_SET = 24;
    private static final int PRCTL_SET_NO_NEW_PRIVILEGES = 38;
    private static final int SIGKILL = 9;
    private static final int HIGHEST_CAPABILITY = 63;
    private static final int CAPABILITY_VERSION = 0x20080522;
    private static final int SECCOMP_SET_FILTER = 1;
    private static final int SECCOMP_ALL_THREADS = 1;
    private static final int CLOSE_LATER = 4;
    private static final int FIRST_FREE_DESCRIPTOR = 3;

    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERROR =
            STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private final Processor processor;
    private final Arena arena = Arena.ofAuto();
    private final MemorySegment state = arena.allocate(STATE);
    private final MethodHandle call;

    Kernel(Processor processor) {
        this.processor = processor;
        Linker linker = Linker.nativeLinker();
        ValueLayout[] shape = new ValueLayout[ARGUMENTS + 1];
        java.util.Arrays.fill(shape, ValueLayout.JAVA_LONG);
        this.call =
                linker.downcallHandle(
                                linker.defaultLookup().find("syscall").orElseThrow(),
                                FunctionDescriptor.of(ValueLayout.JAVA_LONG, shape),
                                Linker.Option.firstVariadicArg(1),
                                Linker.Option.captureCallState("errno"))
                        .bindTo(state);
    }

    Processor processor() {
        return processor;
    }

    MemorySegment allocate(byte[] content) {
        MemorySegment segment = arena.allocate(Math.max(1, content.length), Long.BYTES);
        MemorySegment.copy(content, 0, segment, ValueLayout.JAVA_BYTE, 0, content.length);
        return segment;
    }

    MemorySegment text(String text) {
        return arena.allocateFrom(text);
    }

    /**
     * @return what the call returns, or its error number below zero
     */
    long ask(int number, long... arguments) {
        long[] all = java.util.Arrays.copyOf(arguments, ARGUMENTS);
        try {
            long result =
                    (long)
                            call.invokeExact(
                                    (long) number, all[0], all[1], all[2], all[3], all[4], all[5]);
            return result >= 0 ? result : -(int) ERROR.get(state, 0L);
        } catch (Throwable e) {
            throw new IllegalStateException("a system call cannot be made", e);
        }
    }

    /**
     * @throws IllegalStateException when the kernel refuses
     */
    long require(String what, int number, long... arguments) {
        long result = ask(number, arguments);
        if (result < 0) {
            throw new IllegalStateException(what + " fails with error " + -result);
        }
        return result;
    }

    private int number(int onX86, int onArm) {
        return processor == Processor.X86_64 ? onX86 : onArm;
    }

    /** No program that is started from here on gets more rights than this process has. */
    void setNoNewPrivileges() {
        require("no_new_privs", number(157, 167), PRCTL_SET_NO_NEW_PRIVILEGES, 1);
    }

    /** The process ends when the thread that started it does. */
    void dieWithParent() {
        require("the death signal", number(157, 167), PRCTL_SET_DEATH_SIGNAL, SIGKILL);
    }

    /** Root without them is a user like any other. */
    void dropCapabilities() {
        for (int capability = 0; capability <= HIGHEST_CAPABILITY; capability++) {
            // Refused to ordinary users, who have none, and for numbers the kernel lacks.
            ask(number(157, 167), PRCTL_DROP_FROM_BOUNDING_SET, capability);
        }
        MemorySegment header = arena.allocate(Long.BYTES, Long.BYTES);
        header.set(ValueLayout.JAVA_INT, 0, CAPABILITY_VERSION);
        MemorySegment none = arena.allocate(3L * Long.BYTES, Long.BYTES);
        require("capset", number(126, 91), header.address(), none.address());
    }

    /** Adds a filter to this thread and the programs it runs, or to all threads. */
    void filter(byte[] program, boolean allThreads) {
        MemorySegment header = arena.allocate(2L * Long.BYTES, Long.BYTES);
        header.set(ValueLayout.JAVA_SHORT, 0, (short) (program.length / Long.BYTES));
        header.set(ValueLayout.JAVA_LONG, Long.BYTES, allocate(program).address());
        require(
                "seccomp",
                number(317, 277),
                SECCOMP_SET_FILTER,
                allThreads ? SECCOMP_ALL_THREADS : 0,
                header.address());
    }

    /** Never returns but with an error; the other threads of this process end. */
    void become(List<String> command, Map<String, String> environment) {
        ask(436, FIRST_FREE_DESCRIPTOR, 0xFFFFFFFFL, CLOSE_LATER);
        List<String> variables =
                environment.entrySet().stream()
                        .map(each -> each.getKey() + "=" + each.getValue())
                        .toList();
        require(
                "execve",
                number(59, 221),
                text(command.getFirst()).address(),
                texts(command).address(),
                texts(variables).address());
    }

    private MemorySegment texts(List<String> texts) {
        MemorySegment pointers = arena.allocate((texts.size() + 1L) * Long.BYTES, Long.BYTES);
        for (int i = 0; i < texts.size(); i++) {
            pointers.setAtIndex(ValueLayout.JAVA_LONG, i, text(texts.get(i)).address());
        }
        return pointers;
    }
}
