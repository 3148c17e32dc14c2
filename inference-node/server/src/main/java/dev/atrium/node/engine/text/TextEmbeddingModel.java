package dev.atrium.node.engine.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import dev.atrium.node.engine.Cancellation;
import dev.atrium.node.engine.Datatype;
import dev.atrium.node.engine.Embeddings;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.LoadedModel;
import dev.atrium.node.engine.ModelSource;
import dev.atrium.node.engine.Tensor;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.VersionSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** A tensor model with its tokenizer in front and pooling behind. */
public final class TextEmbeddingModel implements LoadedModel {
    private static final int BATCH_ROWS = 32;
    private static final int BATCH_TOKENS = 4096;

    private final LoadedModel model;
    private final HuggingFaceTokenizer tokenizer;
    private final EmbeddingInputs inputs;
    private final TokenBatches batches;
    private final Pooling pooling;

    private TextEmbeddingModel(
            LoadedModel model,
            HuggingFaceTokenizer tokenizer,
            EmbeddingInputs inputs,
            Pooling pooling) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.inputs = inputs;
        this.batches = new TokenBatches(inputs.maxRows(BATCH_ROWS), BATCH_TOKENS);
        this.pooling = pooling;
    }

    /** The tokenizers' library comes out of a jar when it is first loaded. */
    public static void unpack() {
        LibUtils.checkStatus();
    }

    /** Takes the model over: closing this closes it. */
    public static LoadedModel of(LoadedModel model, ModelSource source) {
        try {
            TokenizerFiles files = new TokenizerFiles(source);
            EmbeddingInputs inputs = EmbeddingInputs.of(model.signature(), files.paddingId());
            VersionSettings settings = source.settings();
            Pooling pooling =
                    Pooling.of(
                            settings.pooling() == null ? "mean" : settings.pooling(),
                            settings.normalize() == null || settings.normalize());
            int maxTokens = inputs.maxTokens(files.maxTokens());
            return new TextEmbeddingModel(model, files.open(maxTokens), inputs, pooling);
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    @Override
    public Signature signature() {
        return model.signature();
    }

    @Override
    public void infer(
            List<Tensor> tensors,
            List<String> outputs,
            Cancellation cancellation,
            Consumer<List<Tensor>> results) {
        model.infer(tensors, outputs, cancellation, results);
    }

    @Override
    public Embeddings embed(List<String> texts, Cancellation cancellation) {
        List<long[]> ids = new ArrayList<>(texts.size());
        List<long[]> types = new ArrayList<>(texts.size());
        int[] tokens = new int[texts.size()];
        for (String text : texts) {
            cancellation.throwIfCancelled();
            Encoding encoding = tokenizer.encode(text);
            int length = (int) Arrays.stream(encoding.getAttentionMask()).sum();
            tokens[ids.size()] = length;
            ids.add(Arrays.copyOf(encoding.getIds(), length));
            types.add(Arrays.copyOf(encoding.getTypeIds(), length));
        }
        float[][] vectors = new float[texts.size()][];
        for (TokenBatch batch : batches.of(ids, types)) {
            compute(batch, vectors, cancellation);
        }
        return new Embeddings(texts.size(), columns(vectors), flat(vectors), tokens);
    }

    private void compute(TokenBatch batch, float[][] vectors, Cancellation cancellation) {
        cancellation.throwIfCancelled();
        int[] lengths = batch.ids().stream().mapToInt(row -> row.length).toArray();
        model.infer(
                inputs.tensors(batch),
                inputs.wantedOutputs(),
                cancellation,
                outputs -> {
                    float[][] pooled = pooling.vectors(output(outputs), lengths);
                    for (int i = 0; i < pooled.length; i++) {
                        vectors[batch.rows().get(i)] = pooled[i];
                    }
                });
    }

    /** Without a signature the first output that could be one. */
    private static Tensor output(List<Tensor> outputs) {
        return outputs.stream()
                .filter(output -> output.datatype() == Datatype.FP32)
                .findFirst()
                .orElseThrow(() -> EngineException.failed("the model gives no FP32 output", null));
    }

    private static int columns(float[][] vectors) {
        return vectors.length == 0 ? 0 : vectors[0].length;
    }

    private static float[] flat(float[][] vectors) {
        int columns = columns(vectors);
        float[] values = new float[vectors.length * columns];
        for (int row = 0; row < vectors.length; row++) {
            System.arraycopy(vectors[row], 0, values, row * columns, columns);
        }
        return values;
    }

    @Override
    public void close() {
        tokenizer.close();
        model.close();
    }
}
