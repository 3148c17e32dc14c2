package dev.atrium.node.inference;

import dev.atrium.node.engine.Datatype;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.Tensor;
import io.netty.buffer.ByteBuf;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.util.TokenBuffer;

/** Reads one member of {@code inputs}; used again for the next. */
final class InputReader {
    private static final int MAX_RANK = 32;
    private static final long NOT_BINARY = -1;
    private static final ObjectMapper MAPPER = JsonMapper.builder().build();

    private final JsonParser json;
    private final TensorBuffers buffers;
    private @Nullable String name;
    private @Nullable Datatype datatype;
    private @Nullable String datatypeName;
    private long @Nullable [] shape;
    private @Nullable ByteBuf data;
    private @Nullable NestedData nested;
    private long binaryBytes;
    private @Nullable BinaryInput binary;

    /** Data that came before its datatype; rare, so it may cost more. */
    private @Nullable TokenBuffer early;

    InputReader(JsonParser json, TensorBuffers buffers) {
        this.json = json;
        this.buffers = buffers;
    }

    /** What of the last input stands behind the JSON; null when nothing does. */
    @Nullable BinaryInput binary() {
        return binary;
    }

    /** One input; its data is empty where it stands behind the JSON. */
    Tensor read() {
        name = null;
        datatype = null;
        datatypeName = null;
        shape = null;
        data = null;
        nested = null;
        binaryBytes = NOT_BINARY;
        binary = null;
        early = null;
        for (String member = json.nextName(); member != null; member = json.nextName()) {
            readMember(member, json.nextToken());
        }
        return tensor();
    }

    private void readMember(String member, JsonToken token) {
        switch (member) {
            case "name" -> name = string("name", token);
            case "datatype" -> {
                datatypeName = string("datatype", token);
                datatype = InferRequestReader.datatype(shownName(), datatypeName);
            }
            case "shape" -> shape = shape(token);
            case "parameters" -> parameters(token);
            case "data" -> data(token);
            default -> json.skipChildren();
        }
    }

    private String string(String member, JsonToken token) {
        if (token != JsonToken.VALUE_STRING) {
            throw refusal("its " + member + " must be a string");
        }
        return json.getString();
    }

    private long[] shape(JsonToken token) {
        if (token != JsonToken.START_ARRAY) {
            throw refusal("its shape must be an array");
        }
        long[] dimensions = new long[MAX_RANK];
        int rank = 0;
        for (JsonToken next = json.nextToken();
                next != JsonToken.END_ARRAY;
                next = json.nextToken()) {
            boolean fits =
                    rank < MAX_RANK
                            && next == JsonToken.VALUE_NUMBER_INT
                            && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
            if (!fits || json.getLongValue() < 0) {
                throw refusal("its shape must hold at most 32 integers, none negative");
            }
            dimensions[rank++] = json.getLongValue();
        }
        return Arrays.copyOf(dimensions, rank);
    }

    private void parameters(JsonToken token) {
        if (token != JsonToken.START_OBJECT) {
            throw refusal("its parameters must be an object");
        }
        for (String member = json.nextName(); member != null; member = json.nextName()) {
            JsonToken value = json.nextToken();
            if (member.equals("binary_data_size")) {
                binaryBytes = size(value);
            }
            json.skipChildren();
        }
    }

    private long size(JsonToken token) {
        boolean fits =
                token == JsonToken.VALUE_NUMBER_INT
                        && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER
                        && json.getLongValue() >= 0;
        if (!fits) {
            throw refusal("its binary_data_size must be an integer, not negative");
        }
        return json.getLongValue();
    }

    private void data(JsonToken token) {
        if (token != JsonToken.START_ARRAY) {
            throw refusal("its data must be an array");
        }
        if (datatype == null) {
            early = TokenBuffer.forBuffering(json, ObjectReadContext.empty());
            early.copyCurrentStructure(json);
        } else {
            readData(json, datatype);
        }
    }

    private void readData(JsonParser source, Datatype elements) {
        ByteBuf target = buffers.allocate();
        NestedData reader = new NestedData(source, elements, target, limit(elements));
        try {
            reader.read();
        } catch (EngineException e) {
            throw refusal("its data " + e.message());
        }
        data = target;
        nested = reader;
    }

    /** Stops data that is longer than a shape that is known already. */
    private long limit(Datatype elements) {
        return shape == null ? Long.MAX_VALUE : elements(shape);
    }

    private Tensor tensor() {
        if (name == null) {
            throw EngineException.invalidInput("an input has no name");
        }
        if (datatype == null) {
            throw refusal("it has no datatype");
        }
        if (shape == null) {
            throw refusal("it has no shape");
        }
        if (binaryBytes != NOT_BINARY) {
            if (data != null || early != null) {
                throw refusal("it has both data and a binary_data_size");
            }
            binary = new BinaryInput(name, datatype, shape, binaryBytes);
            return binary.placeholder();
        }
        if (early != null) {
            try (JsonParser replay = early.asParser(ObjectReadContext.empty())) {
                replay.nextToken();
                readData(replay, datatype);
            }
        }
        if (data == null || nested == null) {
            throw refusal("it has no data");
        }
        requireShape(nested, shape);
        var bytes = data.nioBuffer().order(ByteOrder.LITTLE_ENDIAN);
        return new Tensor(name, datatype, shape, bytes);
    }

    private void requireShape(NestedData read, long[] expected) {
        long elements = elements(expected);
        if (read.count() != elements) {
            throw refusal(
                    "its shape "
                            + Arrays.toString(expected)
                            + " asks for "
                            + elements
                            + " elements, but its data holds "
                            + read.count());
        }
        long[] shown = read.nestedShape();
        if (shown.length > 1 && !Arrays.equals(shown, expected)) {
            throw refusal(
                    "its shape is "
                            + Arrays.toString(expected)
                            + ", but its data is nested as "
                            + Arrays.toString(shown));
        }
    }

    private long elements(long[] dimensions) {
        try {
            return Tensor.elements(dimensions);
        } catch (ArithmeticException e) {
            throw refusal("its shape " + Arrays.toString(dimensions) + " is beyond all memory");
        }
    }

    private String shownName() {
        return name == null ? "?" : name;
    }

    private EngineException refusal(String why) {
        return EngineException.invalidInput("input '" + shownName() + "': " + why);
    }
}
