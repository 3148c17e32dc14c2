package dev.atrium.bench;

import dev.atrium.node.api.ChatRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A GGUF model with random weights, large enough that the engine has work to do: 29 million
 * parameters of the llama architecture, 58 MB. Its vocabulary is that of the demonstration's chat
 * model. What it says makes no sense, and it never ends by itself, so every answer has as many
 * tokens as were asked for.
 */
final class ChatModel {
    static final int TOKENS = 64;
    static final ChatRequest REQUEST =
            new ChatRequest(
                    List.of(new ChatRequest.Message("user", "Tell me a story about a lemon")),
                    TOKENS,
                    0f,
                    null,
                    1,
                    List.of());

    private static final Path VOCABULARY =
            Path.of("standalone/src/main/resources/demo/tiny-chat.gguf");
    private static final int VERSION = 3;
    private static final int ALIGNMENT = 32;
    private static final int STRING = 8;
    private static final int ARRAY = 9;
    private static final int[] SIZES = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};
    private static final int FLOATS = 0;
    private static final int HALVES = 1;

    private static final int WIDTH = 512;
    private static final int LAYERS = 8;
    private static final int HEADS = 8;
    private static final int FEED_FORWARD = 1536;

    /** Special tokens, and those of single bytes; the ordinary ones come after them. */
    private static final int FIRST_WORD = 261;

    private static final Map<String, Integer> SHAPE =
            Map.of(
                    "llama.embedding_length", WIDTH,
                    "llama.block_count", LAYERS,
                    "llama.feed_forward_length", FEED_FORWARD,
                    "llama.attention.head_count", HEADS,
                    "llama.attention.head_count_kv", HEADS,
                    "llama.rope.dimension_count", WIDTH / HEADS);

    /**
     * @param silentRows that are all zero, so that no token of theirs is ever the likeliest
     */
    private record Weights(String name, int columns, int rows, int silentRows) {
        boolean isNorm() {
            return rows == 0;
        }

        int bytes() {
            return isNorm() ? columns * Float.BYTES : columns * rows * Short.BYTES;
        }

        int padded() {
            return (bytes() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        }
    }

    private final SplittableRandom dice = new SplittableRandom(1);
    private final ByteArrayOutputStream file = new ByteArrayOutputStream();

    private ChatModel() {}

    static byte[] bytes() throws IOException {
        return new ChatModel().write();
    }

    private byte[] write() throws IOException {
        ByteBuffer source =
                ByteBuffer.wrap(Files.readAllBytes(VOCABULARY)).order(ByteOrder.LITTLE_ENDIAN);
        int magic = source.getInt();
        source.getInt();
        source.getLong();
        long entries = source.getLong();
        ByteArrayOutputStream metadata = new ByteArrayOutputStream();
        int vocabulary = 0;
        for (long i = 0; i < entries; i++) {
            int from = source.position();
            String key = text(source);
            int type = source.getInt();
            int value = source.position();
            skip(source, type);
            if (key.equals("llama.vocab_size")) {
                vocabulary = source.getInt(value);
            }
            Integer other = SHAPE.get(key);
            if (other == null) {
                metadata.write(source.array(), from, source.position() - from);
            } else {
                metadata.write(source.array(), from, value - from);
                metadata.writeBytes(little(Integer.BYTES).putInt(other).array());
            }
        }
        List<Weights> all = weights(vocabulary);
        file.writeBytes(
                little(24)
                        .putInt(magic)
                        .putInt(VERSION)
                        .putLong(all.size())
                        .putLong(entries)
                        .array());
        file.writeBytes(metadata.toByteArray());
        long offset = 0;
        for (Weights each : all) {
            describe(each, offset);
            offset += each.padded();
        }
        file.writeBytes(new byte[-Math.floorMod(file.size(), -ALIGNMENT)]);
        all.forEach(this::fill);
        return file.toByteArray();
    }

    private static List<Weights> weights(int vocabulary) {
        List<Weights> all = new ArrayList<>();
        all.add(new Weights("token_embd.weight", WIDTH, vocabulary, 0));
        for (int layer = 0; layer < LAYERS; layer++) {
            String block = "blk." + layer + ".";
            all.add(new Weights(block + "attn_norm.weight", WIDTH, 0, 0));
            all.add(new Weights(block + "ffn_norm.weight", WIDTH, 0, 0));
            for (String part : List.of("attn_q", "attn_k", "attn_v", "attn_output")) {
                all.add(new Weights(block + part + ".weight", WIDTH, WIDTH, 0));
            }
            all.add(new Weights(block + "ffn_gate.weight", WIDTH, FEED_FORWARD, 0));
            all.add(new Weights(block + "ffn_up.weight", WIDTH, FEED_FORWARD, 0));
            all.add(new Weights(block + "ffn_down.weight", FEED_FORWARD, WIDTH, 0));
        }
        all.add(new Weights("output_norm.weight", WIDTH, 0, 0));
        all.add(new Weights("output.weight", WIDTH, vocabulary, FIRST_WORD));
        return all;
    }

    private void describe(Weights weights, long offset) {
        byte[] name = weights.name().getBytes(StandardCharsets.UTF_8);
        int dimensions = weights.isNorm() ? 1 : 2;
        ByteBuffer entry =
                little(8 + name.length + 4 + 8 * dimensions + 12)
                        .putLong(name.length)
                        .put(name)
                        .putInt(dimensions)
                        .putLong(weights.columns());
        if (!weights.isNorm()) {
            entry.putLong(weights.rows());
        }
        entry.putInt(weights.isNorm() ? FLOATS : HALVES).putLong(offset);
        file.writeBytes(entry.array());
    }

    private void fill(Weights weights) {
        ByteBuffer data = little(weights.padded());
        if (weights.isNorm()) {
            for (int i = 0; i < weights.columns(); i++) {
                data.putFloat(1);
            }
        } else {
            data.position(weights.silentRows() * weights.columns() * Short.BYTES);
            float spread = (float) (1 / Math.sqrt(weights.columns()));
            while (data.position() < weights.bytes()) {
                data.putShort(Float.floatToFloat16((dice.nextFloat() * 2 - 1) * spread));
            }
        }
        file.writeBytes(data.array());
    }

    private static void skip(ByteBuffer source, int type) {
        if (type == STRING) {
            text(source);
        } else if (type == ARRAY) {
            int element = source.getInt();
            long count = source.getLong();
            for (long i = 0; i < count; i++) {
                skip(source, element);
            }
        } else {
            source.position(source.position() + SIZES[type]);
        }
    }

    private static String text(ByteBuffer source) {
        byte[] bytes = new byte[(int) source.getLong()];
        source.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
