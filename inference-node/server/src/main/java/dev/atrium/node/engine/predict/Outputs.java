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
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Which of a model's outputs is read, and its numbers. */
final class Outputs {
    private static final Set<Datatype> NUMBERS =
            Set.of(Datatype.FP32, Datatype.FP64, Datatype.FP16, Datatype.BF16);

    private Outputs() {}

    /**
     * @param chosen by the owner; null for the first that has fractions
     * @return empty where the format does not say
     */
    static String wanted(Signature signature, @Nullable String chosen) {
        List<TensorSpec> outputs = signature.outputs();
        if (outputs.isEmpty()) {
            return chosen == null ? "" : chosen;
        }
        return outputs.stream()
                .filter(output ->
                        chosen == null ? hasFractions(output) : chosen.equals(output.name()))
                .map(TensorSpec::name)
                .findFirst()
                .orElseThrow(() ->
                        EngineException.failed(
                                "no output "
                                        + (chosen == null ? "of FP32" : "is named '" + chosen + "'")
                                        + "; the model gives "
                                        + outputs.stream().map(TensorSpec::name).toList(),
                                null));
    }

    private static boolean hasFractions(TensorSpec output) {
        return Datatype.named(output.datatype()).filter(NUMBERS::contains).isPresent();
    }

    static Tensor first(List<Tensor> outputs) {
        return outputs.stream()
                .filter(output -> NUMBERS.contains(output.datatype()))
                .findFirst()
                .orElseThrow(
                        () -> EngineException.failed("the model gives no output of FP32", null));
    }

    /** All numbers of an output, row by row. */
    static double[] numbers(Tensor output) {
        double[] numbers = new double[Math.toIntExact(output.elements())];
        Arrays.setAll(numbers, reader(output));
        return numbers;
    }

    /** The number at an index, row by row; only as long as the output is there. */
    static IntToDoubleFunction reader(Tensor output) {
        ByteBuffer data = output.data().slice().order(ByteOrder.LITTLE_ENDIAN);
        return switch (output.datatype()) {
            case FP32 -> index -> data.getFloat(index * Float.BYTES);
            case FP64 -> index -> data.getDouble(index * Double.BYTES);
            case FP16 -> index -> Float.float16ToFloat(data.getShort(index * Short.BYTES));
            case BF16 -> index -> Float.intBitsToFloat(data.getShort(index * Short.BYTES) << 16);
            default -> throw EngineException.failed("the model gives no fractions", null);
        };
    }
}
