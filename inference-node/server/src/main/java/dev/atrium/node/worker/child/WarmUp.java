package dev.atrium.node.worker.child;

import dev.atrium.node.api.ChatRequest;
import dev.atrium.node.api.NodeError;
import dev.atrium.node.engine.Cancellation;
import dev.atrium.node.engine.Datatype;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.LoadedModel;
import dev.atrium.node.engine.ModelSource;
import dev.atrium.node.engine.Tensor;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The first call of a model is ours, not a caller's: it pays for lazy initialisation and shows
 * whether the model computes at all. Inputs are zeros, 2 where a dimension is free but not the
 * batch.
 */
final class WarmUp {
    private static final long FREE_DIMENSION = 2;
    private static final long MAX_BYTES = 256L << 20;
    private static final String TEXT = "Atrium warms this model up.";

    private WarmUp() {}

    static void run(LoadedModel model, ModelSource source, int batch) {
        switch (source.task()) {
            case TEXT_EMBEDDING ->
                    model.embed(Collections.nCopies(batch, TEXT), new Cancellation());
            case TEXT_GENERATION -> chat(model);
            case TENSORS -> infer(model, source, batch);
        }
    }

    private static void chat(LoadedModel model) {
        try {
            model.chat(greeting(), new Cancellation(), piece -> {});
        } catch (EngineException e) {
            if (!e.code().equals(NodeError.CONTEXT_LENGTH_EXCEEDED)) {
                throw e;
            }
            // A context too short for our words may be long enough for the owner's.
        }
    }

    private static ChatRequest greeting() {
        return new ChatRequest(
                List.of(new ChatRequest.Message("user", TEXT)), 2, 0f, null, 1, List.of());
    }

    /** Without a signature nothing is known about the inputs, so nothing can be tried. */
    private static void infer(LoadedModel model, ModelSource source, int batch) {
        Signature signature =
                model.signature().inputs().isEmpty() ? source.signature() : model.signature();
        if (signature.inputs().isEmpty()) {
            return;
        }
        List<Tensor> inputs = new ArrayList<>();
        signature.inputs().forEach(input -> inputs.add(zeros(input, batch)));
        try {
            model.infer(inputs, List.of(), new Cancellation(), outputs -> {});
        } catch (EngineException e) {
            if (signature.inputs().stream().noneMatch(WarmUp::isGuessed)) {
                throw e;
            }
            // Our guess of the free dimensions may be what the model does not like.
        }
    }

    private static boolean isGuessed(TensorSpec spec) {
        return spec.shape().stream().skip(1).anyMatch(dimension -> dimension < 0);
    }

    private static Tensor zeros(TensorSpec spec, int batch) {
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

    private static long bytes(long[] shape, int elementBytes) {
        try {
            return Math.multiplyExact(Tensor.elements(shape), elementBytes);
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE;
        }
    }
}
