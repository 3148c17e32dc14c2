package dev.atrium.node.worker.ipc;

import dev.atrium.node.engine.Datatype;
import dev.atrium.node.engine.Tensor;
import dev.atrium.node.worker.ipc.Messages.TensorHead;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Cuts a body into tensors and lays tensors into one. */
public final class TensorBodies {
    private static final int MAX_RANK = 32;

    private TensorBodies() {}

    public static List<TensorHead> heads(List<Tensor> tensors) {
        List<TensorHead> heads = new ArrayList<>(tensors.size());
        for (Tensor tensor : tensors) {
            heads.add(
                    new TensorHead(
                            tensor.name(),
                            tensor.datatype().name(),
                            tensor.shape(),
                            tensor.data().remaining()));
        }
        return heads;
    }

    public static ByteBuffer[] bodies(List<Tensor> tensors) {
        return tensors.stream().map(Tensor::data).toArray(ByteBuffer[]::new);
    }

    /** Tensors over the body's own bytes, with every size checked. */
    public static List<Tensor> tensors(List<TensorHead> heads, ByteBuffer body)
            throws ProtocolException {
        List<Tensor> tensors = new ArrayList<>(heads.size());
        int offset = body.position();
        for (TensorHead head : heads) {
            if (head.bytes() < 0 || head.bytes() > body.limit() - offset) {
                throw new ProtocolException("tensor '" + head.name() + "' is not all there");
            }
            ByteBuffer data = body.slice(offset, (int) head.bytes()).order(ByteOrder.LITTLE_ENDIAN);
            tensors.add(tensor(head, data));
            offset += (int) head.bytes();
        }
        if (offset != body.limit()) {
            throw new ProtocolException("bytes that belong to no tensor");
        }
        return tensors;
    }

    private static Tensor tensor(TensorHead head, ByteBuffer data) throws ProtocolException {
        Datatype datatype =
                Datatype.named(head.datatype())
                        .orElseThrow(() -> new ProtocolException("unknown datatype"));
        Tensor tensor = new Tensor(head.name(), datatype, head.shape(), data);
        long elements = elements(head.shape());
        boolean fits =
                datatype == Datatype.BYTES
                        ? holdsStrings(data, elements)
                        : elements == data.remaining() / datatype.elementBytes()
                                && data.remaining() % datatype.elementBytes() == 0;
        if (!fits) {
            throw new ProtocolException("tensor '" + head.name() + "' has not its shape's size");
        }
        return tensor;
    }

    private static long elements(long[] shape) throws ProtocolException {
        if (shape.length > MAX_RANK) {
            throw new ProtocolException("too many dimensions");
        }
        for (long dimension : shape) {
            if (dimension < 0) {
                throw new ProtocolException("a negative dimension");
            }
        }
        try {
            return Tensor.elements(shape);
        } catch (ArithmeticException e) {
            throw new ProtocolException("a shape beyond all memory");
        }
    }

    private static boolean holdsStrings(ByteBuffer data, long elements) {
        int offset = 0;
        for (long i = 0; i < elements; i++) {
            if (offset + 4 > data.limit()) {
                return false;
            }
            int length = data.getInt(offset);
            if (length < 0 || length > data.limit() - offset - 4) {
                return false;
            }
            offset += 4 + length;
        }
        return offset == data.limit();
    }
}
