package dev.atrium.node.inference;

import dev.atrium.node.engine.Datatype;
import dev.atrium.node.engine.EngineException;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads the arrays of {@code data}, flat or nested, and remembers how they were nested. */
final class NestedData {
    private static final int MAX_DEPTH = 32;
    private static final long UNKNOWN = -1;

    private final JsonParser json;
    private final Datatype datatype;
    private final ByteBuf target;
    private final long most;

    /** Length of the arrays at each depth, the same for all of one depth. */
    private final long[] lengths = new long[MAX_DEPTH];

    /** Depth at which the elements are; 0 until the first one. */
    private int leafDepth;

    private long count;

    NestedData(JsonParser json, Datatype datatype, ByteBuf target, long most) {
        this.json = json;
        this.datatype = datatype;
        this.target = target;
        this.most = most;
        Arrays.fill(lengths, UNKNOWN);
    }

    /** Reads from the current opening bracket to the closing one. */
    void read() {
        long[] seen = new long[MAX_DEPTH];
        int depth = 1;
        while (depth > 0) {
            JsonToken token = json.nextToken();
            if (token == JsonToken.START_ARRAY) {
                seen[depth - 1]++;
                depth = open(depth);
                seen[depth - 1] = 0;
            } else if (token == JsonToken.END_ARRAY) {
                close(depth, seen[depth - 1]);
                depth--;
            } else {
                seen[depth - 1]++;
                element(token, depth);
            }
        }
    }

    private int open(int depth) {
        if (depth == MAX_DEPTH) {
            throw EngineException.invalidInput("is nested too deep");
        }
        if (leafDepth != 0 && depth >= leafDepth) {
            throw EngineException.invalidInput("mixes elements and arrays");
        }
        return depth + 1;
    }

    private void close(int depth, long length) {
        if (lengths[depth - 1] == UNKNOWN) {
            lengths[depth - 1] = length;
        } else if (lengths[depth - 1] != length) {
            throw EngineException.invalidInput(
                    "is ragged: arrays of " + lengths[depth - 1] + " and of " + length);
        }
    }

    private void element(JsonToken token, int depth) {
        if (leafDepth == 0) {
            leafDepth = depth;
        }
        if (depth != leafDepth || token == JsonToken.START_OBJECT) {
            throw EngineException.invalidInput("mixes elements and arrays or objects");
        }
        if (count >= most) {
            throw EngineException.invalidInput("holds more than the " + most + " of its shape");
        }
        count++;
        try {
            ElementReader.read(json, token, datatype, target);
        } catch (EngineException e) {
            throw EngineException.invalidInput("element " + (count - 1) + " " + e.message());
        }
    }

    long count() {
        return count;
    }

    /** Lengths of the arrays from the outermost to the innermost. */
    long[] nestedShape() {
        int depth = 0;
        while (depth < MAX_DEPTH && lengths[depth] != UNKNOWN) {
            depth++;
        }
        return Arrays.copyOf(lengths, depth);
    }
}
