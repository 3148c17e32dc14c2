package dev.atrium.bench;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.ByteArrayInputStream;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Scanner;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The engine alone in a loop, without any server: two callers, batches of eight, inputs made before
 * (texts tokenised before, too). A process of its own, told by standard input for how many
 * milliseconds to run; it answers how many rows it has computed.
 */
final class BareEngine {
    private static final int CALLERS = 2;
    private static final int BATCH = 8;

    private BareEngine() {}

    /** Argument: {@code mlp} or {@code minilm}. */
    public static void main(String[] arguments) throws Exception {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        boolean texts = arguments[0].equals("minilm");
        byte[] model = texts ? NodeModels.miniLm() : NodeModels.mlp();
        Map<String, OnnxTensor> batch = texts ? tokens(environment) : numbers(environment);
        try (OrtSession session = environment.createSession(model, options());
                ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
                Scanner orders = new Scanner(System.in)) {
            while (orders.hasNextLong()) {
                Duration time = Duration.ofMillis(orders.nextLong());
                AtomicLong rows = new AtomicLong();
                List<Runnable> loops =
                        List.of(
                                () -> loop(session, batch, time, rows),
                                () -> loop(session, batch, time, rows));
                for (var running : loops.stream().map(callers::submit).toList()) {
                    running.get();
                }
                System.out.println(rows.get());
            }
        }
    }

    private static OrtSession.SessionOptions options() throws OrtException {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setIntraOpNumThreads(1);
        options.setInterOpNumThreads(1);
        options.addConfigEntry("session.intra_op.allow_spinning", "0");
        return options;
    }

    private static void loop(
            OrtSession session, Map<String, OnnxTensor> batch, Duration time, AtomicLong rows) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - end < 0) {
            try (OrtSession.Result result = session.run(batch)) {
                rows.addAndGet(BATCH);
            } catch (OrtException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static Map<String, OnnxTensor> numbers(OrtEnvironment environment) throws OrtException {
        FloatBuffer values = FloatBuffer.allocate(BATCH * NodeModels.FEATURES.length);
        for (int row = 0; row < BATCH; row++) {
            values.put(NodeModels.FEATURES);
        }
        long[] shape = {BATCH, NodeModels.FEATURES.length};
        return Map.of("features", OnnxTensor.createTensor(environment, values.flip(), shape));
    }

    private static Map<String, OnnxTensor> tokens(OrtEnvironment environment) throws Exception {
        Map<String, String> padded = Map.of("padding", "true", "truncation", "true");
        try (HuggingFaceTokenizer tokenizer =
                HuggingFaceTokenizer.newInstance(
                        new ByteArrayInputStream(NodeModels.tokenizer()), padded)) {
            Encoding[] encodings = tokenizer.batchEncode(NodeModels.SENTENCES);
            long[] shape = {BATCH, encodings[0].getIds().length};
            int size = (int) (shape[0] * shape[1]);
            LongBuffer ids = LongBuffer.allocate(size);
            LongBuffer mask = LongBuffer.allocate(size);
            LongBuffer types = LongBuffer.allocate(size);
            for (Encoding encoding : encodings) {
                ids.put(encoding.getIds());
                mask.put(encoding.getAttentionMask());
                types.put(encoding.getTypeIds());
            }
            Map<String, OnnxTensor> feeds = new HashMap<>();
            feeds.put("input_ids", OnnxTensor.createTensor(environment, ids.flip(), shape));
            feeds.put("attention_mask", OnnxTensor.createTensor(environment, mask.flip(), shape));
            feeds.put("token_type_ids", OnnxTensor.createTensor(environment, types.flip(), shape));
            return feeds;
        }
    }
}
