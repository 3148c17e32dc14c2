package dev.atrium.registry.artifact.torchscript;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a pickle would build, as far as the walk needs to know: how deep it is, and the parts of the
 * tuples that name tensor storages. Nothing is ever built for real.
 */
final class PickleValue {
    enum Kind {
        TEXT,
        NUMBER,
        GLOBAL,
        TUPLE,
        CONTAINER,
        OBJECT,
        OTHER
    }

    static final PickleValue NOTHING = new PickleValue(Kind.OTHER, "", 0, List.of(), 0);

    private final Kind kind;
    private final String text;
    private final long number;
    private final List<PickleValue> parts;
    private int depth;
    private boolean placed;

    private PickleValue(Kind kind, String text, long number, List<PickleValue> parts, int depth) {
        this.kind = kind;
        this.text = text;
        this.number = number;
        this.parts = parts;
        this.depth = depth;
    }

    static PickleValue text(@Nullable String text) {
        return new PickleValue(Kind.TEXT, text == null ? "" : text, 0, List.of(), 0);
    }

    static PickleValue number(long number) {
        return new PickleValue(Kind.NUMBER, "", number, List.of(), 0);
    }

    static PickleValue global(String name) {
        return new PickleValue(Kind.GLOBAL, name, 0, List.of(), 0);
    }

    static PickleValue tuple(List<PickleValue> parts, int depth) {
        return new PickleValue(Kind.TUPLE, "", 0, parts, depth);
    }

    static PickleValue container() {
        return new PickleValue(Kind.CONTAINER, "", 0, List.of(), 1);
    }

    static PickleValue object(int depth) {
        return new PickleValue(Kind.OBJECT, "", 0, List.of(), depth);
    }

    Kind kind() {
        return kind;
    }

    /** The text, or the name of the global. */
    String text() {
        return text;
    }

    long number() {
        return number;
    }

    List<PickleValue> parts() {
        return parts;
    }

    int depth() {
        return depth;
    }

    /** Whether it is part of another value, which counted its depth as it was then. */
    boolean isPlaced() {
        return placed;
    }

    void place() {
        placed = true;
    }

    void deepen(int childDepth) {
        depth = Math.max(depth, childDepth + 1);
    }
}
