package dev.atrium.node.worker.wall;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Programs for the kernel's seccomp, in its classic BPF: eight bytes for each instruction.
 *
 * <p>A list of what is denied, not of what is allowed: a JVM and three engines use most of what is
 * left, and what they use changes with each release. Whatever is denied fails with an error, it
 * does not kill, because engines try things they can do without.
 */
final class SystemCallFilter {
    private static final int LOAD = 0x20;
    private static final int AND = 0x54;
    private static final int JUMP_EQUAL = 0x15;
    private static final int JUMP_AT_LEAST = 0x35;
    private static final int RETURN = 0x06;

    private static final int ALLOW = 0x7FFF0000;
    private static final int KILL_PROCESS = 0x80000000;
    private static final int FAIL = 0x00050000;
    private static final int NOT_PERMITTED = 1;
    private static final int NO_SUCH_CALL = 38;

    /** Offsets in {@code seccomp_data}; both processors are little-endian. */
    private static final int NUMBER = 0;

    private static final int ARCHITECTURE = 4;
    private static final int ARGUMENTS = 16;

    private static final int X32_CALLS = 0x40000000;
    private static final int CLONE_THREAD = 0x00010000;
    private static final int FAMILY_UNIX = 1;
    private static final int TYPE_MASK = 0xF;
    private static final int TYPE_STREAM = 1;

    private static final Set<SystemCall> FOR_SOME_ARGUMENTS =
            EnumSet.range(SystemCall.TGKILL, SystemCall.LISTEN);

    private record Instruction(int code, int ifTrue, int ifFalse, int value) {}

    private final List<Instruction> instructions = new ArrayList<>();
    private final Processor processor;

    private SystemCallFilter(Processor processor) {
        this.processor = processor;
        add(LOAD, 0, 0, ARCHITECTURE);
        add(JUMP_EQUAL, 1, 0, processor.auditName());
        add(RETURN, 0, 0, KILL_PROCESS);
        add(LOAD, 0, 0, NUMBER);
        if (processor == Processor.X86_64) {
            add(JUMP_AT_LEAST, 0, 1, X32_CALLS);
            add(RETURN, 0, 0, FAIL | NO_SUCH_CALL);
        }
    }

    /**
     * For a whole worker: threads but no processes, sockets of this machine only, no signals.
     *
     * @param ownProcess the only one that it may signal; empty where it can see no other
     */
    static byte[] forWorker(Processor processor, OptionalLong ownProcess) {
        SystemCallFilter filter = new SystemCallFilter(processor);
        EnumSet.complementOf(EnumSet.copyOf(FOR_SOME_ARGUMENTS))
                .forEach(call -> filter.deny(call, NOT_PERMITTED));
        // Its flags are in memory, where no filter can look: the C library then uses clone.
        filter.deny(SystemCall.CLONE3, NO_SUCH_CALL);
        filter.requireBits(SystemCall.CLONE, CLONE_THREAD);
        filter.requireArgument(SystemCall.PRLIMIT64, 0, 0);
        filter.requireArgument(SystemCall.SOCKET, 0, FAMILY_UNIX);
        filter.requirePair();
        ownProcess.ifPresent(
                process -> filter.requireArgument(SystemCall.TGKILL, 0, (int) process));
        return filter.bytes();
    }

    /** For a worker that has the only connection it needs. */
    static byte[] withoutSockets(Processor processor) {
        SystemCallFilter filter = new SystemCallFilter(processor);
        EnumSet.of(SystemCall.SOCKET, SystemCall.CONNECT, SystemCall.BIND, SystemCall.LISTEN)
                .forEach(call -> filter.deny(call, NOT_PERMITTED));
        return filter.bytes();
    }

    private void deny(SystemCall call, int error) {
        int number = call.number(processor);
        if (number != SystemCall.ABSENT) {
            add(JUMP_EQUAL, 0, 1, number);
            add(RETURN, 0, 0, FAIL | error);
        }
    }

    private void requireArgument(SystemCall call, int argument, int value) {
        add(JUMP_EQUAL, 0, 4, call.number(processor));
        add(LOAD, 0, 0, ARGUMENTS + argument * Long.BYTES);
        add(JUMP_EQUAL, 0, 1, value);
        add(RETURN, 0, 0, ALLOW);
        add(RETURN, 0, 0, FAIL | NOT_PERMITTED);
    }

    private void requireBits(SystemCall call, int bits) {
        add(JUMP_EQUAL, 0, 5, call.number(processor));
        add(LOAD, 0, 0, ARGUMENTS);
        add(AND, 0, 0, bits);
        add(JUMP_EQUAL, 0, 1, bits);
        add(RETURN, 0, 0, ALLOW);
        add(RETURN, 0, 0, FAIL | NOT_PERMITTED);
    }

    /** Pairs of datagram sockets could still send to any address. */
    private void requirePair() {
        add(JUMP_EQUAL, 0, 5, SystemCall.SOCKETPAIR.number(processor));
        add(LOAD, 0, 0, ARGUMENTS + Long.BYTES);
        add(AND, 0, 0, TYPE_MASK);
        add(JUMP_EQUAL, 0, 1, TYPE_STREAM);
        add(RETURN, 0, 0, ALLOW);
        add(RETURN, 0, 0, FAIL | NOT_PERMITTED);
    }

    private void add(int code, int ifTrue, int ifFalse, int value) {
        instructions.add(new Instruction(code, ifTrue, ifFalse, value));
    }

    private byte[] bytes() {
        add(RETURN, 0, 0, ALLOW);
        ByteBuffer bytes =
                ByteBuffer.allocate(instructions.size() * Long.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN);
        for (Instruction each : instructions) {
            bytes.putShort((short) each.code())
                    .put((byte) each.ifTrue())
                    .put((byte) each.ifFalse())
                    .putInt(each.value());
        }
        return bytes.array();
    }
}
