package dev.atrium.node.engine.predict;

import dev.atrium.node.engine.Datatype;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.Tensor;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * The one FP32 input of a model.
 *
 * @param shape negative is free; empty where the format does not say
 */
public record ModelInput(String name, List<Long> shape) {
    public static ModelInput of(Signature signature) {
        if (signature.inputs().isEmpty()) {
            return new ModelInput("input", List.of());
        }
        if (signature.inputs().size() != 1) {
            throw EngineException.failed(
                    "this task has one input, but the model takes "
                            + signature.inputs().stream().map(TensorSpec::name).toList(),
                    null);
        }
        TensorSpec only = signature.inputs().getFirst();
        if (!only.datatype().equals(Datatype.FP32.name())) {
            throw EngineException.failed(
                    "input '" + only.name() + "' is " + only.datatype() + ", must be FP32", null);
        }
        return new ModelInput(only.name(), only.shape());
    }

    /** The dimension, or what to take where it is free or unknown. */
    public int dimension(int index, int otherwise) {
        long known = index < shape.size() ? shape.get(index) : -1;
        return known > 0 ? Math.toIntExact(known) : otherwise;
    }

    /**
     * Refuses, when the version is loaded, inputs that never fit.
     *
     * @param wanted negative is free
     */
    public ModelInput requireShape(long... wanted) {
        boolean fits = shape.isEmpty() || shape.size() == wanted.length;
        for (int i = 0; fits && i < shape.size(); i++) {
            fits = shape.get(i) < 0 || wanted[i] < 0 || shape.get(i) == wanted[i];
        }
        if (!fits) {
            throw EngineException.failed(
                    "input '"
                            + name
                            + "' has the shape "
                            + shape
                            + ", but the settings make "
                            + Arrays.toString(wanted),
                    null);
        }
        return this;
    }

    public List<Tensor> tensor(float[] values, long... dimensions) {
        ByteBuffer data =
                ByteBuffer.allocateDirect(Math.multiplyExact(values.length, Float.BYTES))
                        .order(ByteOrder.LITTLE_ENDIAN);
        data.asFloatBuffer().put(values);

        return List.of(new Tensor(name, Datatype.FP32, dimensions, data));
    }
}
