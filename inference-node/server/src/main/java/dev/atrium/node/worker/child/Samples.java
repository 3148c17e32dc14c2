package dev.atrium.node.worker.child;

import dev.atrium.node.engine.Datatype;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.LoadedModel;
import dev.atrium.node.engine.ModelSource;
import dev.atrium.node.engine.Tensor;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Inputs that we make up to try a model: 2 where a dimension is free but not the batch. */
final class Samples {
    private static final long FREE_DIMENSION = 2;
    private static final long MAX_BYTES = 256L << 20;

    private Samples() {}

    /** What the engine says, or else what the registry knows. */
    static Signature signature(LoadedModel model, ModelSource source) {
        return model.signature().inputs().isEmpty() ? source.signature() : model.signature();
    }

    /** Whether a dimension had to be made up that the model may not like. */
    static boolean isGuessed(TensorSpec spec) {
        return spec.shape().stream().skip(1).anyMatch(dimension -> dimension < 0);
    }

    static Tensor zeros(TensorSpec spec, int batch) {
        Datatype datatype = Datatype.valueOf(spec.datatype());
        long[] shape = new long[spec.shape().size()];
        for (int i = 0; i < shape.length; i++) {
            long dimension = spec.shape().get(i);
            shape[i] = dimension >= 0 ? dimension : i == 0 ? batch : FREE_DIMENSION;
        }
        // Four zero bytes are an empty text.
        int elementBytes = datatype == Datatype.BYTES ? 4 : datatype.elementBytes();
        long bytes = bytes(shape, elementBytes);
        if (bytes > MAX_BYTES) {
            throw EngineException.failed("input '" + spec.name() + "' is too large to try", null);
        }
        ByteBuffer data = ByteBuffer.allocateDirect((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
        return new Tensor(spec.name(), datatype, shape, data);
    }

    /** Numbers between -1 and 1, integers of 0 and 1, another sequence in each row. */
    static Tensor varied(TensorSpec spec, int batch) {
        Tensor tensor = zeros(spec, batch);
        long perRow = batch == 0 ? 0 : tensor.elements() / batch;
        for (long i = 0; i < tensor.elements(); i++) {
            long row = i / perRow;
            long step = (i % perRow * (7 + 4 * row) + 3 + 5 * row) % 23;
            put(tensor.datatype(), tensor.data(), (int) i, step);
        }
        return tensor;
    }

    private static void put(Datatype datatype, ByteBuffer data, int index, long step) {
        float number = (step - 11) / 12f;
        switch (datatype) {
            case FP32 -> data.putFloat(index * 4, number);
            case FP64 -> data.putDouble(index * 8, number);
            case FP16 -> data.putShort(index * 2, Float.floatToFloat16(number));
            case BF16 -> data.putShort(index * 2, (short) (Float.floatToIntBits(number) >>> 16));
            case BOOL, INT8, UINT8 -> data.put(index, (byte) (step % 2));
            case INT16, UINT16 -> data.putShort(index * 2, (short) (step % 2));
            case INT32, UINT32 -> data.putInt(index * 4, (int) (step % 2));
            case INT64, UINT64 -> data.putLong(index * 8, step % 2);
            case BYTES -> throw new IllegalArgumentException("texts have no rows");
        }
    }

    private static long bytes(long[] shape, int elementBytes) {
        try {
            return Math.multiplyExact(Tensor.elements(shape), elementBytes);
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE;
        }
    }
}
