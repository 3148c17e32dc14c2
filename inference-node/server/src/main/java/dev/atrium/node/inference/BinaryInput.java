package dev.atrium.node.inference;

import dev.atrium.node.engine.Datatype;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.Tensor;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * An input whose elements stand as bytes behind the JSON, as they go to the model.
 *
 * @param bytes of all its elements, as its sender says
 */
record BinaryInput(String name, Datatype datatype, long[] shape, long bytes) {
    /** Memory is taken as bytes come, not as they are announced. */
    private static final int PART_BYTES = 256 * 1024;

    /** With no data yet. */
    Tensor placeholder() {
        return new Tensor(name, datatype, shape, ByteBuffer.allocate(0));
    }

    /**
     * @throws EngineException {@code invalid_input} when the bytes are not what the shape asks for
     */
    Tensor read(InputStream body, TensorBuffers buffers, int maxBytes) throws IOException {
        if (bytes > maxBytes) {
            throw refusal("its " + bytes + " bytes are more than the " + maxBytes + " of a tensor");
        }
        requireSize();
        ByteBuf target = buffers.allocate();
        long left = bytes;
        while (left > 0) {
            int read = target.writeBytes(body, (int) Math.min(left, PART_BYTES));
            if (read < 0) {
                throw refusal("the body ends " + left + " bytes before its data does");
            }
            left -= read;
        }
        ByteBuffer data = target.nioBuffer().order(ByteOrder.LITTLE_ENDIAN);
        requireElements(data);
        return new Tensor(name, datatype, shape, data);
    }

    private void requireSize() {
        if (datatype == Datatype.BYTES) {
            return;
        }
        long expected;
        try {
            expected = Math.multiplyExact(Tensor.elements(shape), datatype.elementBytes());
        } catch (ArithmeticException e) {
            throw refusal("its shape is beyond all memory");
        }
        if (expected != bytes) {
            throw refusal(
                    "its shape asks for "
                            + expected
                            + " bytes, but its binary_data_size is "
                            + bytes);
        }
    }

    private void requireElements(ByteBuffer data) {
        if (datatype == Datatype.BOOL) {
            for (int at = 0; at < data.remaining(); at++) {
                if ((data.get(at) & ~1) != 0) {
                    throw refusal(
                            "a BOOL must be the byte 0 or 1, but is " + (data.get(at) & 0xFF));
                }
            }
        } else if (datatype == Datatype.BYTES) {
            requireTexts(data.slice().order(ByteOrder.LITTLE_ENDIAN));
        }
    }

    private void requireTexts(ByteBuffer data) {
        long texts = 0;
        while (data.hasRemaining()) {
            long length = data.remaining() < Integer.BYTES ? -1 : data.getInt() & 0xFFFF_FFFFL;
            if (length < 0 || length > data.remaining()) {
                throw refusal("a length of its BYTES is beyond its end");
            }
            data.position(data.position() + (int) length);
            texts++;
        }
        long expected;
        try {
            expected = Tensor.elements(shape);
        } catch (ArithmeticException e) {
            throw refusal("its shape is beyond all memory");
        }
        if (texts != expected) {
            throw refusal("its shape asks for " + expected + " elements, but there are " + texts);
        }
    }

    private EngineException refusal(String why) {
        return EngineException.invalidInput("input '" + name + "': " + why);
    }
}
