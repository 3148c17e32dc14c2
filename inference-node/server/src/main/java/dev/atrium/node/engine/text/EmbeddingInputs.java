package dev.atrium.node.engine.text;

import dev.atrium.node.engine.Datatype;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.Tensor;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Lays tokens out as the model's inputs want them. */
final class EmbeddingInputs {
    private static final String IDS = "input_ids";
    private static final String MASK = "attention_mask";
    private static final String TYPES = "token_type_ids";
    private static final List<String> POOLED = List.of("sentence_embedding", "embedding");
    private static final List<String> PER_TOKEN = List.of("last_hidden_state", "token_embeddings");

    /** What a model without a signature is given, in this order. */
    private static final List<TensorSpec> DEFAULT_INPUTS =
            List.of(
                    new TensorSpec(IDS, Datatype.INT64.name(), List.of(-1L, -1L)),
                    new TensorSpec(MASK, Datatype.INT64.name(), List.of(-1L, -1L)));

    private final List<TensorSpec> specs;
    private final List<String> outputs;
    private final long paddingId;

    private EmbeddingInputs(List<TensorSpec> specs, List<String> outputs, long paddingId) {
        this.specs = specs;
        this.outputs = outputs;
        this.paddingId = paddingId;
    }

    static EmbeddingInputs of(Signature signature, long paddingId) {
        List<TensorSpec> specs = signature.inputs().isEmpty() ? DEFAULT_INPUTS : signature.inputs();
        for (TensorSpec spec : specs) {
            boolean known = List.of(IDS, MASK, TYPES).contains(spec.name());
            boolean integers =
                    spec.datatype().equals(Datatype.INT64.name())
                            || spec.datatype().equals(Datatype.INT32.name());
            if (!known || !integers || spec.shape().size() != 2) {
                throw EngineException.failed(
                        "input '"
                                + spec.name()
                                + "' is not what a text model takes: input_ids, attention_mask"
                                + " and token_type_ids of [texts, tokens]",
                        null);
            }
        }
        return new EmbeddingInputs(specs, wanted(signature), paddingId);
    }

    /** One output: pooled by the model if it does that, else per token. */
    private static List<String> wanted(Signature signature) {
        if (signature.outputs().isEmpty()) {
            return List.of();
        }
        List<TensorSpec> usable =
                signature.outputs().stream()
                        .filter(spec -> spec.datatype().equals(Datatype.FP32.name()))
                        .filter(spec -> spec.shape().size() == 2 || spec.shape().size() == 3)
                        .toList();
        if (usable.isEmpty()) {
            throw EngineException.failed(
                    "no output is FP32 of [texts, tokens, numbers] or [texts, numbers]", null);
        }
        for (List<String> names : List.of(POOLED, PER_TOKEN)) {
            for (TensorSpec spec : usable) {
                if (names.contains(spec.name())) {
                    return List.of(spec.name());
                }
            }
        }
        return List.of(usable.getFirst().name());
    }

    List<String> wantedOutputs() {
        return outputs;
    }

    /** Exports with a fixed number of tokens cannot take more. */
    int maxTokens(int most) {
        long fixed = specs.getFirst().shape().get(1);
        return fixed > 0 ? (int) Math.min(fixed, most) : most;
    }

    int maxRows(int most) {
        long fixed = specs.getFirst().shape().get(0);
        return fixed > 0 ? (int) Math.min(fixed, most) : most;
    }

    List<Tensor> tensors(TokenBatch batch) {
        List<Tensor> tensors = new ArrayList<>(specs.size());
        for (TensorSpec spec : specs) {
            tensors.add(tensor(spec, batch));
        }
        return tensors;
    }

    private Tensor tensor(TensorSpec spec, TokenBatch batch) {
        Datatype datatype = Datatype.valueOf(spec.datatype());
        int rows = (int) Math.max(spec.shape().get(0), batch.rows().size());
        int length = (int) Math.max(spec.shape().get(1), batch.length());
        ByteBuffer data =
                ByteBuffer.allocateDirect(rows * length * datatype.elementBytes())
                        .order(ByteOrder.LITTLE_ENDIAN);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < length; column++) {
                put(data, datatype, value(spec.name(), batch, row, column));
            }
        }
        return new Tensor(spec.name(), datatype, new long[] {rows, length}, data.flip());
    }

    private long value(String input, TokenBatch batch, int row, int column) {
        boolean real = row < batch.rows().size() && column < batch.ids().get(row).length;
        return switch (input) {
            case IDS -> real ? batch.ids().get(row)[column] : paddingId;
            case MASK -> real ? 1 : 0;
            default -> real ? batch.types().get(row)[column] : 0;
        };
    }

    private static void put(ByteBuffer data, Datatype datatype, long value) {
        if (datatype == Datatype.INT64) {
            data.putLong(value);
        } else {
            data.putInt((int) value);
        }
    }
}
