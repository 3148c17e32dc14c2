package dev.atrium.node.worker.ipc;

import dev.atrium.node.api.ChatRequest;
import dev.atrium.node.api.NodeUsage;
import dev.atrium.registry.api.catalog.Framework;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.catalog.Task;
import dev.atrium.registry.api.catalog.VersionSettings;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/** Heads of frames. A model is called by the key that its LOAD gave it. */
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
        public static final int PROTOCOL = 1;
    }

    /**
     * @param files local paths by file name
     */
    public record Load(
            long key,
            Framework framework,
            Task task,
            Signature signature,
            VersionSettings settings,
            Map<String, String> files,
            int threads,
            int parallel) {}

    public record Loaded(Signature signature) {}

    public record WarmUp(long key, int batch) {}

    public record Unload(long key) {}

    /**
     * A tensor whose bytes are in the body, one after the other in the order of the heads.
     *
     * @param bytes length in the body
     */
    public record TensorHead(String name, String datatype, long[] shape, long bytes) {}

    public record Infer(long key, List<TensorHead> inputs, List<String> outputs) {}

    public record Embed(long key, List<String> texts) {}

    public record Chat(long key, ChatRequest request) {}

    /** A step of a generation; usage so far. */
    public record Delta(String text, @Nullable String finishReason, NodeUsage usage) {}

    /**
     * @param outputs tensors in the body; for texts one, FP32 of rows and columns
     */
    public record Result(List<TensorHead> outputs, NodeUsage usage) {}

    public record Failed(String code, String message, NodeUsage usage) {}

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
