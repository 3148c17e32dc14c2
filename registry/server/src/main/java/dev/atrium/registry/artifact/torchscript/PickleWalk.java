package dev.atrium.registry.artifact.torchscript;

import dev.atrium.registry.artifact.format.ArtifactRejectedException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Follows the opcodes of a pickle with a stack of {@link PickleValue}s, so that it knows what would
 * be built and how deep without building it. Knows the opcodes that libtorch writes and refuses all
 * others; collects the tensor storages that the pickle refers to.
 */
final class PickleWalk {
    private static final int MAX_DEPTH = 512;
    private static final int MAX_VALUES = 1_000_000;
    private static final int MAX_MARKS = 1_024;
    private static final int KEPT_PARTS = 8;
    private static final int KEPT_TEXT = 256;
    private static final int MAX_NAME = 512;

    private final String member;
    private final ByteBuffer bytes;
    private final List<PickleValue> stack = new ArrayList<>();
    private final List<Integer> marks = new ArrayList<>();
    private final Map<Integer, PickleValue> memo = new HashMap<>();
    private final Map<String, Long> storages = new HashMap<>();

    private PickleWalk(String member, byte[] content) {
        this.member = member;
        this.bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Keys of the storages that the pickle refers to, with the bytes each must have. */
    static Map<String, Long> storages(String member, byte[] content) {
        PickleWalk walk = new PickleWalk(member, content);
        walk.run();
        return walk.storages;
    }

    private void run() {
        while (true) {
            int opcode = take(1).get() & 0xff;
            if (opcode == '.') {
                break;
            }
            step(opcode);
            if (stack.size() > MAX_VALUES || memo.size() > MAX_VALUES || marks.size() > MAX_MARKS) {
                throw refused("builds more values than any real model");
            }
        }
        if (bytes.hasRemaining() || stack.size() != 1 || !marks.isEmpty()) {
            throw refused("does not end where it should");
        }
    }

    private void step(int opcode) {
        switch (opcode) {
            case 0x80 -> requireProtocol(take(1).get());
            case 'c' -> global();
            case 'N', 0x88, 0x89 -> push(PickleValue.NOTHING);
            case 'K' -> push(PickleValue.number(take(1).get() & 0xff));
            case 'M' -> push(PickleValue.number(take(2).getShort() & 0xffff));
            case 'J' -> push(PickleValue.number(take(4).getInt()));
            case 0x8a -> push(PickleValue.number(longNumber()));
            case 'G' -> {
                take(8);
                push(PickleValue.NOTHING);
            }
            case 'X', 'T' -> text(take(4).getInt());
            case 'U' -> text(take(1).get() & 0xff);
            case ')' -> push(PickleValue.tuple(List.of(), 1));
            case ']', '}' -> push(PickleValue.container());
            case '(' -> marks.add(stack.size());
            default -> combine(opcode);
        }
    }

    private void combine(int opcode) {
        switch (opcode) {
            case 't' -> tuple(popMark());
            case 0x85, 0x86, 0x87 -> tuple(pop(opcode - 0x84));
            case 'a' -> addTo(pop(1), false);
            case 'e' -> addTo(popMark(), false);
            case 's' -> addTo(pop(2), true);
            case 'u' -> addTo(popMark(), true);
            case 'q' -> memo.put(take(1).get() & 0xff, top());
            case 'r' -> memo.put(take(4).getInt(), top());
            case 'h' -> recall(take(1).get() & 0xff);
            case 'j' -> recall(take(4).getInt());
            case 'R' -> call();
            case 0x81 -> construct();
            case 'b' -> fill();
            case 'Q' -> storage(pop(1).getFirst());
            default ->
                    throw refused(
                            "uses the opcode 0x"
                                    + Integer.toHexString(opcode)
                                    + ", which TorchScript does not");
        }
    }

    private ByteBuffer take(int count) {
        if (count < 0 || count > bytes.remaining()) {
            throw refused("is truncated");
        }
        ByteBuffer part = bytes.slice(bytes.position(), count).order(ByteOrder.LITTLE_ENDIAN);
        bytes.position(bytes.position() + count);
        return part;
    }

    private void requireProtocol(int protocol) {
        if (protocol != 2) {
            throw refused("has the protocol " + protocol + " instead of 2");
        }
    }

    private void global() {
        String name = line() + "." + line();
        if (!PickleNames.isAllowed(name)) {
            throw refused("names " + name + ", which is not part of TorchScript");
        }
        push(PickleValue.global(name));
    }

    private String line() {
        int start = bytes.position();
        while (take(1).get() != '\n') {
            if (bytes.position() - start > MAX_NAME) {
                throw refused("has a name longer than " + MAX_NAME + " bytes");
            }
        }
        byte[] line = new byte[bytes.position() - start - 1];
        bytes.get(start, line);
        return new String(line, StandardCharsets.UTF_8);
    }

    private long longNumber() {
        int count = take(1).get() & 0xff;
        if (count > Long.BYTES) {
            throw refused("has a number of more than 64 bits");
        }
        ByteBuffer part = take(count);
        long value = 0;
        for (int i = 0; i < count; i++) {
            value |= (part.get(i) & 0xffL) << (8 * i);
        }
        int unused = Long.SIZE - 8 * count;
        return count == 0 ? 0 : value << unused >> unused;
    }

    private void text(int length) {
        ByteBuffer part = take(length);
        push(
                PickleValue.text(
                        length <= KEPT_TEXT
                                ? StandardCharsets.UTF_8.decode(part).toString()
                                : null));
    }

    private void push(PickleValue value) {
        if (value.depth() > MAX_DEPTH) {
            throw refused("nests values more than " + MAX_DEPTH + " deep");
        }
        stack.add(value);
    }

    private PickleValue top() {
        if (stack.isEmpty()) {
            throw refused("is broken");
        }
        return stack.getLast();
    }

    private List<PickleValue> pop(int count) {
        int floor = marks.isEmpty() ? 0 : marks.getLast();
        if (stack.size() - count < floor) {
            throw refused("is broken");
        }
        List<PickleValue> tail = stack.subList(stack.size() - count, stack.size());
        List<PickleValue> values = List.copyOf(tail);
        tail.clear();
        return values;
    }

    private List<PickleValue> popMark() {
        if (marks.isEmpty()) {
            throw refused("is broken");
        }
        List<PickleValue> values = pop(stack.size() - marks.getLast());
        marks.removeLast();
        return values;
    }

    private void recall(int key) {
        PickleValue value = memo.get(key);
        if (value == null) {
            throw refused("refers to a value that it never made");
        }
        push(value);
    }

    private static int depthOf(List<PickleValue> parts) {
        int depth = 0;
        for (PickleValue part : parts) {
            part.place();
            depth = Math.max(depth, part.depth());
        }
        return depth;
    }

    private void tuple(List<PickleValue> parts) {
        int depth = depthOf(parts) + 1;
        push(PickleValue.tuple(parts.size() <= KEPT_PARTS ? parts : List.of(), depth));
    }

    /** A container that is already part of another may not change: it could grow deep unseen. */
    private void addTo(List<PickleValue> parts, boolean pairs) {
        PickleValue container = top();
        if (container.kind() != PickleValue.Kind.CONTAINER
                || container.isPlaced()
                || (pairs && parts.size() % 2 != 0)) {
            throw refused("changes a value that may not change");
        }
        container.deepen(depthOf(parts));
        if (parts.contains(container) || container.depth() > MAX_DEPTH) {
            throw refused("nests values more than " + MAX_DEPTH + " deep");
        }
    }

    private void call() {
        List<PickleValue> operands = pop(2);
        PickleValue function = operands.getFirst();
        if (function.kind() != PickleValue.Kind.GLOBAL
                || !PickleNames.isFunction(function.text())
                || operands.getLast().kind() != PickleValue.Kind.TUPLE) {
            throw refused("calls something that TorchScript does not call");
        }
        // The result may still be filled: an OrderedDict is made empty first.
        PickleValue made = PickleValue.container();
        made.deepen(operands.getLast().depth());
        push(made);
    }

    private void construct() {
        List<PickleValue> operands = pop(2);
        PickleValue type = operands.getFirst();
        if (type.kind() != PickleValue.Kind.GLOBAL || !PickleNames.isClass(type.text())) {
            throw refused("makes an object of a class that is not the archive's own");
        }
        push(PickleValue.object(operands.getLast().depth() + 1));
    }

    private void fill() {
        List<PickleValue> operands = pop(2);
        PickleValue object = operands.getFirst();
        if (object.kind() != PickleValue.Kind.OBJECT || object.isPlaced()) {
            throw refused("changes a value that may not change");
        }
        object.deepen(depthOf(operands.subList(1, 2)));
        push(object);
    }

    /** {@code ('storage', torch.FloatStorage, '0', 'cpu', 16)}. */
    private void storage(PickleValue id) {
        List<PickleValue> parts = id.parts();
        boolean wellFormed =
                id.kind() == PickleValue.Kind.TUPLE
                        && parts.size() == 5
                        && parts.get(0).text().equals("storage")
                        && PickleNames.isStorage(parts.get(1).text())
                        && parts.get(2).kind() == PickleValue.Kind.TEXT
                        && parts.get(4).kind() == PickleValue.Kind.NUMBER
                        && parts.get(4).number() >= 0
                        && parts.get(4).number() <= Long.MAX_VALUE / 16;
        if (!wellFormed) {
            throw refused("refers to something that is no tensor storage");
        }
        long size = parts.get(4).number() * PickleNames.elementBytes(parts.get(1).text());
        Long before = storages.put(parts.get(2).text(), size);
        if (before != null && before != size) {
            throw refused("gives one tensor storage two sizes");
        }
        push(PickleValue.object(1));
    }

    private ArtifactRejectedException refused(String what) {
        return new ArtifactRejectedException(
                "the pickle " + member + " of the TorchScript archive " + what);
    }
}
