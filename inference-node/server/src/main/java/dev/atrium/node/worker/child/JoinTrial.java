package dev.atrium.node.worker.child;

import dev.atrium.node.engine.Cancellation;
import dev.atrium.node.engine.Datatype;
import dev.atrium.node.engine.Embeddings;
import dev.atrium.node.engine.LoadedModel;
import dev.atrium.node.engine.ModelSource;
import dev.atrium.node.engine.Tensor;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds out whether calls of a model can be computed together: tried, not believed. Two made-up
 * rows are computed each alone and both at once; numbers may differ as kernels of another size
 * round, {@value #ABSOLUTE} and {@value #RELATIVE} of the value (a hundred times that where values
 * have 16 bits), everything else not at all.
 */
final class JoinTrial {
    static final double ABSOLUTE = 1e-4;
    static final double RELATIVE = 1e-3;
    private static final double COARSER = 100;
    private static final String DIFFERS = "a row's answer depends on the rows beside it";

    /** Of nearly the same length, so that they are padded and computed together. */
    private static final List<String> TEXTS =
            List.of("Atrium tries this model out.", "Two texts at once, as one batch.");

    private JoinTrial() {}

    /** Why they cannot; empty when they can. */
    static Optional<String> objection(LoadedModel model, ModelSource source) {
        try {
            return switch (source.task()) {
                case TEXT_EMBEDDING -> texts(model);
                case TEXT_GENERATION -> Optional.of("generations share slots, not batches");
                case TENSORS,
                        TEXT_CLASSIFICATION,
                        IMAGE_CLASSIFICATION,
                        TABULAR,
                        AUDIO_CLASSIFICATION,
                        AUTOMATIC_SPEECH_RECOGNITION ->
                        tensors(model, Samples.signature(model, source));
            };
        } catch (RuntimeException e) {
            return Optional.of("two made-up rows could not be computed together");
        }
    }

    private static Optional<String> texts(LoadedModel model) {
        Embeddings together = model.embed(TEXTS, new Cancellation());
        int columns = together.columns();
        for (int row = 0; row < TEXTS.size(); row++) {
            float[] alone = model.embed(List.of(TEXTS.get(row)), new Cancellation()).values();
            for (int column = 0; column < columns; column++) {
                if (!close(alone[column], together.values()[row * columns + column], 1)) {
                    return Optional.of(DIFFERS);
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> tensors(LoadedModel model, Signature signature) {
        if (signature.inputs().isEmpty() || signature.outputs().isEmpty()) {
            return Optional.of("the model does not say what it takes and gives");
        }
        Optional<TensorSpec> without =
                Stream.concat(signature.inputs().stream(), signature.outputs().stream())
                        .filter(spec -> !hasFreeRows(spec))
                        .findFirst();
        if (without.isPresent()) {
            return Optional.of("the first dimension of '" + without.get().name() + "' is not free");
        }
        List<Tensor> rows =
                signature.inputs().stream().map(spec -> Samples.varied(spec, 2)).toList();
        List<Tensor> together = infer(model, rows);
        if (!together.stream().allMatch(output -> output.hasRows(2))) {
            return Optional.of("the outputs are not of as many rows as the inputs");
        }
        for (int row = 0; row < 2; row++) {
            int number = row;
            List<Tensor> alone =
                    infer(model, rows.stream().map(input -> input.rows(number, 1)).toList());
            if (!same(alone, together.stream().map(out -> out.rows(number, 1)).toList())) {
                return Optional.of(DIFFERS);
            }
        }
        return Optional.empty();
    }

    private static boolean hasFreeRows(TensorSpec spec) {
        return !spec.shape().isEmpty()
                && spec.shape().getFirst() < 0
                && !spec.datatype().equals(Datatype.BYTES.name());
    }

    private static List<Tensor> infer(LoadedModel model, List<Tensor> inputs) {
        List<Tensor> copies = new ArrayList<>();
        model.infer(
                inputs,
                List.of(),
                new Cancellation(),
                outputs -> outputs.forEach(output -> copies.add(copy(output))));
        return copies;
    }

    private static Tensor copy(Tensor output) {
        ByteBuffer data =
                ByteBuffer.allocate(output.data().remaining()).order(ByteOrder.LITTLE_ENDIAN);
        data.put(output.data().slice()).flip();
        return new Tensor(output.name(), output.datatype(), output.shape(), data);
    }

    private static boolean same(List<Tensor> ones, List<Tensor> others) {
        for (int i = 0; i < ones.size(); i++) {
            if (!same(ones.get(i), others.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean same(Tensor one, Tensor other) {
        if (one.elements() != other.elements()) {
            return false;
        }
        for (int i = 0; i < one.elements(); i++) {
            if (!same(one.datatype(), one.data(), other.data(), i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean same(Datatype datatype, ByteBuffer one, ByteBuffer other, int index) {
        int at = index * datatype.elementBytes();
        return switch (datatype) {
            case FP32 -> close(one.getFloat(at), other.getFloat(at), 1);
            case FP64 -> close(one.getDouble(at), other.getDouble(at), 1);
            case FP16 ->
                    close(
                            Float.float16ToFloat(one.getShort(at)),
                            Float.float16ToFloat(other.getShort(at)),
                            COARSER);
            case BF16 ->
                    close(
                            Float.intBitsToFloat(one.getShort(at) << 16),
                            Float.intBitsToFloat(other.getShort(at) << 16),
                            COARSER);
            default ->
                    one.slice(at, datatype.elementBytes())
                            .equals(other.slice(at, datatype.elementBytes()));
        };
    }

    private static boolean close(double one, double other, double times) {
        return Double.compare(one, other) == 0
                || Math.abs(one - other) <= times * (ABSOLUTE + RELATIVE * Math.abs(one));
    }
}
