package dev.atrium.node.worker.ipc;

import dev.atrium.node.api.ChatRequest;
import dev.atrium.node.api.NodeUsage;
import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.VersionSettings;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Heads of frames. A model is called by the key that its LOAD gave it. What workers say is complete
 * or no message: their words may be a model's.
 */
public final class Messages {
    private static final JsonMapper JSON =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(32)
                                                    .build())
                                    .build())
                    .build();

    private Messages() {}

    /**
     * @param protocol version of this language
     */
    public record Hello(int protocol) {
        public static final int PROTOCOL = 3;
    }

    /**
     * @param files local paths by file name
     * @param gpu null for the CPU
     */
    public record Load(
            long key,
            Framework framework,
            Task task,
            Signature signature,
            VersionSettings settings,
            Map<String, String> files,
            int threads,
            int parallel,
            int copies,
            @Nullable Integer gpu) {}

    public record Loaded(Signature signature) {
        public Loaded {
            Objects.requireNonNull(signature);
        }
    }

    public record WarmUp(long key, int batch) {}

    /**
     * @param objection why calls of this model cannot be computed together; null when they can
     */
    public record Warm(@Nullable String objection) {}

    public record Unload(long key) {}

    /**
     * A tensor whose bytes are in the body, one after the other in the order of the heads.
     *
     * @param bytes length in the body
     */
    public record TensorHead(String name, String datatype, long[] shape, long bytes) {
        public TensorHead {
            Objects.requireNonNull(name);
            Objects.requireNonNull(datatype);
            Objects.requireNonNull(shape);
        }
    }

    /**
     * @param inputs of all calls, one after the other along the first dimension
     * @param rows of each call; a call that is alone may have none
     */
    public record Infer(
            long key, List<TensorHead> inputs, List<String> outputs, List<Integer> rows) {}

    /**
     * @param texts of all calls, one after the other
     * @param rows texts of each call
     */
    public record Embed(long key, List<String> texts, List<Integer> rows) {}

    public record Chat(long key, ChatRequest request) {}

    /**
     * A natural input whose bytes are in the body, one after the other in the order of the heads.
     *
     * @param contentType as the caller said; null where it did not
     * @param top labels to answer; null for the version's own number
     * @param bytes length in the body
     */
    public record NaturalHead(@Nullable String contentType, @Nullable Integer top, int bytes) {}

    /**
     * @param inputs of all calls; one is answered by {@link Result}, of several each by {@link
     *     Part}
     */
    public record Predict(long key, List<NaturalHead> inputs) {}

    /** A step of a generation; usage so far. */
    public record Delta(String text, @Nullable String finishReason, NodeUsage usage) {
        public Delta {
            Objects.requireNonNull(text);
            Objects.requireNonNull(usage);
        }
    }

    /**
     * @param call place in the batch
     */
    public record Cancel(int call) {}

    /**
     * The end of a batch: every call that has had no {@link Part} has its rows of the outputs.
     *
     * @param outputs tensors in the body; for texts one, FP32 of rows and columns
     * @param usage of the whole batch
     * @param tokens of each call's texts; empty where there are none
     * @param wereNoBatch whether the calls failed together and were computed one by one
     */
    public record Result(
            List<TensorHead> outputs, NodeUsage usage, List<Long> tokens, boolean wereNoBatch) {
        public Result {
            outputs = List.copyOf(outputs);
            Objects.requireNonNull(usage);
            tokens = List.copyOf(tokens);
        }

        public Result(List<TensorHead> outputs, NodeUsage usage) {
            this(outputs, usage, List.of(), false);
        }
    }

    /**
     * The end of one call of a batch.
     *
     * @param call place in the batch
     * @param outputs tensors in the body; none when it failed
     * @param failure null when it was answered
     */
    public record Part(
            int call, List<TensorHead> outputs, NodeUsage usage, @Nullable Failed failure) {
        public Part {
            outputs = List.copyOf(outputs);
            Objects.requireNonNull(usage);
        }
    }

    /**
     * @param param the part of the input that it is about; null where it is about none
     */
    public record Failed(String code, String message, @Nullable String param, NodeUsage usage) {
        public Failed {
            Objects.requireNonNull(code);
            Objects.requireNonNull(message);
            Objects.requireNonNull(usage);
        }
    }

    public static byte[] write(Object message) {
        return JSON.writeValueAsBytes(message);
    }

    public static <T> T read(byte[] head, Class<T> type) throws ProtocolException {
        try {
            T message = JSON.readValue(head, type);
            if (message == null) {
                throw new ProtocolException("an empty " + type.getSimpleName());
            }
            return message;
        } catch (JacksonException e) {
            throw new ProtocolException("not a " + type.getSimpleName());
        }
    }
}
