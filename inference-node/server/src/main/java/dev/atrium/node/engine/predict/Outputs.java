package dev.atrium.node.engine.predict;

import dev.atrium.node.engine.Datatype;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.Tensor;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Set;
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
        ByteBuffer data = output.data().slice().order(ByteOrder.LITTLE_ENDIAN);
        double[] numbers = new double[Math.toIntExact(output.elements())];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = number(output.datatype(), data);
        }
        return numbers;
    }

    private static double number(Datatype datatype, ByteBuffer data) {
        return switch (datatype) {
            case FP32 -> data.getFloat();
            case FP64 -> data.getDouble();
            case FP16 -> Float.float16ToFloat(data.getShort());
            case BF16 -> Float.intBitsToFloat(data.getShort() << 16);
            default -> throw EngineException.failed("the model gives no fractions", null);
        };
    }
}
