package dev.atrium.node.testing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes very small ONNX files byte by byte, for what no exporter would make. */
public final class TinyOnnx {
    /** Element types as ONNX numbers them. */
    public static final int FLOAT = 1;

    public static final int UINT8 = 2;
    public static final int INT8 = 3;
    public static final int UINT16 = 4;
    public static final int INT16 = 5;
    public static final int INT32 = 6;
    public static final int INT64 = 7;
    public static final int STRING = 8;
    public static final int BOOL = 9;
    public static final int FLOAT16 = 10;
    public static final int DOUBLE = 11;
    public static final int BFLOAT16 = 16;

    private static final int IR_VERSION = 8;
    private static final int OPSET = 17;
    private static final String LOCAL = "local";
    private static final int ATTRIBUTE_GRAPH = 5;
    private static final int ATTRIBUTE_INT = 2;
    private static final float[] TABLE = {0, 1, 2, 3, 4, 5, 6, 7};

    private TinyOnnx() {}

    /** {@code y = x} for a vector of any length. */
    public static byte[] identity(int type) {
        return model(
                new Message()
                        .message(1, node("Identity", "x", "y"))
                        .text(2, "g")
                        .message(11, value("x", type, -1))
                        .message(12, value("y", type, -1)));
    }

    /** {@code y = x / z} for vectors, which makes NaN and infinities. */
    public static byte[] division() {
        return model(
                new Message()
                        .message(1, node("Div", "x", "z", "y"))
                        .text(2, "g")
                        .message(11, value("x", FLOAT, -1))
                        .message(11, value("z", FLOAT, -1))
                        .message(12, value("y", FLOAT, -1)));
    }

    /** Adds {@code x} to itself {@code trips} times: as long a computation as the caller wants. */
    public static byte[] loop() {
        Message body =
                new Message()
                        .message(1, node("Identity", "going", "goes"))
                        .message(1, node("Add", "sum", "x", "next"))
                        .text(2, "body")
                        .message(11, value("i", INT64))
                        .message(11, value("going", BOOL))
                        .message(11, value("sum", FLOAT, 1))
                        .message(12, value("goes", BOOL))
                        .message(12, value("next", FLOAT, 1));
        return model(
                new Message()
                        .message(1, loop("x", body))
                        .text(2, "g")
                        .message(11, value("trips", INT64))
                        .message(11, value("x", FLOAT, 1))
                        .message(12, value("y", FLOAT, 1)));
    }

    /**
     * Rows {@code [2 i, 2 i + 1]} of a table of four for any number of {@code ids}, which takes as
     * long as so many turns of a loop when id 0 is among them; an id that is not in the table fails
     * the computation.
     */
    public static byte[] slowLookup(long trips) {
        Message body =
                new Message()
                        .message(1, node("Identity", "going", "goes"))
                        .message(1, node("Identity", "row", "next"))
                        .text(2, "body")
                        .message(11, value("i", INT64))
                        .message(11, value("going", BOOL))
                        .message(11, value("row", FLOAT, -1, 2))
                        .message(12, value("goes", BOOL))
                        .message(12, value("next", FLOAT, -1, 2));
        Message scalarResult =
                new Message().text(1, "keepdims").varint(3, 0).varint(20, ATTRIBUTE_INT);
        return model(
                new Message()
                        .message(1, node("Gather", "table", "ids", "rows"))
                        .message(1, node("ReduceMin", "ids", "least").message(5, scalarResult))
                        .message(1, node("Gather", "tripsOf", "least", "trips"))
                        .message(1, loop("rows", body))
                        .text(2, "g")
                        .message(5, table())
                        .message(5, integers("tripsOf", trips, 1, 1, 1))
                        .message(11, value("ids", INT64, -1))
                        .message(12, value("y", FLOAT, -1, 2)));
    }

    /** As many turns of the body as {@code trips} says, from {@code input} to {@code y}. */
    private static Message loop(String input, Message body) {
        Message attribute =
                new Message().text(1, "body").message(6, body).varint(20, ATTRIBUTE_GRAPH);
        return new Message()
                .text(1, "trips")
                .text(1, "")
                .text(1, input)
                .text(2, "y")
                .text(4, "Loop")
                .message(5, attribute);
    }

    private static Message table() {
        ByteBuffer data =
                ByteBuffer.allocate(TABLE.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        data.asFloatBuffer().put(TABLE);
        return new Message()
                .varint(1, 4)
                .varint(1, 2)
                .varint(2, FLOAT)
                .text(8, "table")
                .raw(9, data.array());
    }

    private static Message integers(String name, long... values) {
        ByteBuffer data =
                ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        data.asLongBuffer().put(values);
        return new Message()
                .varint(1, values.length)
                .varint(2, INT64)
                .text(8, name)
                .raw(9, data.array());
    }

    /** A row of 0 for each {@code x} that is not 0: fewer rows than there were, when one is. */
    public static byte[] zeroForEachNonZero() {
        return model(
                new Message()
                        .message(1, node("NonZero", "x", "places"))
                        .message(1, node("Transpose", "places", "rows"))
                        .message(1, node("Mul", "rows", "zero", "y"))
                        .text(2, "g")
                        .message(5, integers("zero", 0))
                        .message(11, value("x", FLOAT, -1))
                        .message(12, value("y", INT64, -1, 1)));
    }

    /** {@code y = softmax(x)} down the columns, so that each row's answer hangs on all others. */
    public static byte[] softmaxOverRows() {
        Message axis = new Message().text(1, "axis").varint(3, 0).varint(20, ATTRIBUTE_INT);
        return model(
                new Message()
                        .message(1, node("Softmax", "x", "y").message(5, axis))
                        .text(2, "g")
                        .message(11, value("x", FLOAT, -1, 2))
                        .message(12, value("y", FLOAT, -1, 2)));
    }

    /** A graph that casts to FP16, for outputs that JSON has no type for. */
    public static byte[] toHalf() {
        Message to = new Message().text(1, "to").varint(3, FLOAT16).varint(20, ATTRIBUTE_INT);
        return model(
                new Message()
                        .message(1, node("Cast", "x", "y").message(5, to))
                        .text(2, "g")
                        .message(11, value("x", FLOAT, -1))
                        .message(12, value("y", FLOAT16, -1)));
    }

    /** A graph in a graph in a graph: whoever reads them by recursion needs a deep stack. */
    public static byte[] nestedGraphs(int depth) {
        Message inner = new Message().message(1, node("Identity", "x", "y")).text(2, "g");
        for (int i = 0; i < depth; i++) {
            Message then =
                    new Message()
                            .text(1, "then_branch")
                            .message(6, inner)
                            .varint(20, ATTRIBUTE_GRAPH);
            inner = new Message().message(1, node("If", "x", "y").message(5, then)).text(2, "g");
        }
        return model(inner.message(11, value("x", FLOAT, -1)).message(12, value("y", FLOAT, -1)));
    }

    /**
     * Each of its functions calls the next one twice, so that there are {@code 2^functions} nodes
     * once all are written out.
     */
    public static byte[] doublingFunctions(int functions) {
        Message model =
                header(
                                new Message()
                                        .message(1, node("f0", "x", "y").text(7, LOCAL))
                                        .text(2, "g")
                                        .message(11, value("x", FLOAT, -1))
                                        .message(12, value("y", FLOAT, -1)))
                        .message(8, opset(LOCAL, 1));
        for (int i = 0; i < functions; i++) {
            boolean isLast = i + 1 == functions;
            String callee = isLast ? "Neg" : "f" + (i + 1);
            String domain = isLast ? "" : LOCAL;
            model.message(
                    25,
                    new Message()
                            .text(1, "f" + i)
                            .text(4, "x")
                            .text(5, "y")
                            .message(7, node(callee, "x", "t").text(7, domain))
                            .message(7, node(callee, "t", "y").text(7, domain))
                            .message(9, opset("", OPSET))
                            .message(9, opset(LOCAL, 1))
                            .text(10, LOCAL));
        }
        return model.bytes.toByteArray();
    }

    private static byte[] model(Message graph) {
        return header(graph).bytes.toByteArray();
    }

    private static Message header(Message graph) {
        return new Message().varint(1, IR_VERSION).message(8, opset("", OPSET)).message(7, graph);
    }

    private static Message opset(String domain, int version) {
        return new Message().text(1, domain).varint(2, version);
    }

    private static Message node(String operator, String... inputsAndOutput) {
        Message node = new Message();
        for (int i = 0; i < inputsAndOutput.length - 1; i++) {
            node.text(1, inputsAndOutput[i]);
        }
        return node.text(2, inputsAndOutput[inputsAndOutput.length - 1]).text(4, operator);
    }

    /**
     * @param dimensions negative is free
     */
    private static Message value(String name, int type, long... dimensions) {
        Message shape = new Message();
        for (long dimension : dimensions) {
            shape.message(
                    1,
                    dimension < 0
                            ? new Message().text(2, "n")
                            : new Message().varint(1, dimension));
        }
        Message tensor = new Message().varint(1, type).message(2, shape);
        return new Message().text(1, name).message(2, new Message().message(1, tensor));
    }

    private static final class Message {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Message varint(int field, long value) {
            number((long) field << 3);
            number(value);
            return this;
        }

        Message text(int field, String text) {
            return raw(field, text.getBytes(StandardCharsets.UTF_8));
        }

        Message message(int field, Message message) {
            return raw(field, message.bytes.toByteArray());
        }

        private Message raw(int field, byte[] content) {
            number((long) field << 3 | 2);
            number(content.length);
            bytes.writeBytes(content);
            return this;
        }

        private void number(long value) {
            long rest = value;
            while ((rest & ~0x7FL) != 0) {
                bytes.write((int) (rest & 0x7F | 0x80));
                rest >>>= 7;
            }
            bytes.write((int) rest);
        }
    }
}
