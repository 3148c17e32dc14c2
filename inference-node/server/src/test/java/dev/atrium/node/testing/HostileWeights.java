package dev.atrium.node.testing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A GGUF file that works, with one thing in it that must not be: lengths, counts, shapes and
 * offsets that no file has. And safetensors files, which nothing here loads.
 */
public final class HostileWeights {
    private static final int COUNT_OF_TENSORS = 8;
    private static final int COUNT_OF_ENTRIES = 16;
    private static final int FIRST_ENTRY = 24;
    private static final int TEXT = 8;
    private static final int LIST = 9;
    private static final int NUMBER = 4;
    private static final int[] SIZES = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};
    private static final long ABSURD = 1L << 62;

    /** Where a tensor's header says its dimensions, its type and its offset. */
    private record TensorPlace(int rank, int dimensions, int type, int offset) {}

    private final byte[] whole;
    private final Map<String, Integer> values = new LinkedHashMap<>();
    private final List<TensorPlace> tensors = new ArrayList<>();

    private HostileWeights(byte[] gguf) {
        whole = gguf;
        ByteBuffer header = buffer(gguf);
        long entries = header.getLong(COUNT_OF_ENTRIES);
        header.position(FIRST_ENTRY);
        for (long i = 0; i < entries; i++) {
            String key = text(header);
            int type = header.getInt();
            values.put(key, header.position());
            skip(header, type);
        }
        for (long i = 0; i < header.getLong(COUNT_OF_TENSORS); i++) {
            text(header);
            int rankAt = header.position();
            int rank = header.getInt();
            int dimensions = header.position();
            int type = dimensions + rank * Long.BYTES;
            tensors.add(new TensorPlace(rankAt, dimensions, type, type + Integer.BYTES));
            header.position(type + Integer.BYTES + Long.BYTES);
        }
    }

    /** By what is wrong with them. */
    public static Map<String, byte[]> ofGguf(byte[] working) {
        HostileWeights model = new HostileWeights(working);
        Map<String, byte[]> files = new LinkedHashMap<>();
        model.counts(files);
        model.metadata(files);
        model.shapes(files);
        model.offsets(files);
        model.sizesOfTheNetwork(files);
        files.put("breaks off in its header", Arrays.copyOf(working, 4_000));
        files.put("breaks off in its tensors", Arrays.copyOf(working, working.length / 2));
        return files;
    }

    private void counts(Map<String, byte[]> files) {
        files.put("2^62 tensors", with(COUNT_OF_TENSORS, ABSURD));
        files.put("-1 tensors", with(COUNT_OF_TENSORS, -1L));
        files.put("more tensors than it has", with(COUNT_OF_TENSORS, 1_000L));
        files.put("2^62 entries", with(COUNT_OF_ENTRIES, ABSURD));
        files.put("2^31 entries", with(COUNT_OF_ENTRIES, 1L << 31));
        files.put("a key of 2^62 bytes", with(FIRST_ENTRY, ABSURD));
        files.put("a key of -1 bytes", with(FIRST_ENTRY, -1L));
        files.put("a text of 2^62 bytes", with(at("general.name"), ABSURD));
        files.put("a text of -8 bytes", with(at("general.name"), -8L));
        int tokens = at("tokenizer.ggml.tokens");
        files.put("2^61 tokens", with(tokens + Integer.BYTES, 1L << 61));
        files.put("more tokens than scores", with(tokens + Integer.BYTES, 1_655L));
        files.put("a token of 2^62 bytes", with(tokens + Integer.BYTES + Long.BYTES, ABSURD));
        files.put("a list of lists", with(tokens, LIST));
        files.put("a list of nothing known", with(tokens, 4_711));
    }

    private void metadata(Map<String, byte[]> files) {
        files.put("a million entries", inserted(entries(1_000_000, "k%015d")));
        files.put(
                "the same entry a thousand times", inserted(entries(1_000, "general.name.aa%.0s")));
        files.put("lists in lists in lists", inserted(List.of(nested(10_000))));
        files.put("an alignment of 0", with(at("general.alignment"), 0));
        files.put("an alignment of 3", with(at("general.alignment"), 3));
        files.put("an alignment of 2^31", with(at("general.alignment"), 1 << 31));
    }

    private void shapes(Map<String, byte[]> files) {
        TensorPlace first = tensors.getFirst();
        files.put("2^31 dimensions", with(first.rank(), 1 << 31));
        files.put("no dimensions", with(first.rank(), 0));
        files.put("a row of 2^62", with(first.dimensions(), ABSURD));
        files.put("a row of -1", with(first.dimensions(), -1L));
        files.put("a row of 0", with(first.dimensions(), 0L));
        byte[] overflows = with(first.dimensions(), 1L << 32);
        buffer(overflows).putLong(first.dimensions() + Long.BYTES, 1L << 32);
        files.put("a product that overflows", overflows);
        files.put("an unknown type", with(first.type(), 9_999));
        files.put("a type of larger elements", with(first.type(), 0));
    }

    private void offsets(Map<String, byte[]> files) {
        TensorPlace second = tensors.get(1);
        files.put("an offset behind the end", with(second.offset(), 1L << 40));
        files.put("an offset of 2^63", with(second.offset(), Long.MIN_VALUE));
        files.put("an offset between two tensors", with(second.offset(), 17L));
        files.put("two tensors in one place", with(second.offset(), 0L));
        byte[] all = whole.clone();
        tensors.forEach(each -> buffer(all).putLong(each.offset(), 0));
        files.put("all tensors in one place", all);
    }

    private void sizesOfTheNetwork(Map<String, byte[]> files) {
        for (String size :
                List.of(
                        "llama.vocab_size",
                        "llama.context_length",
                        "llama.embedding_length",
                        "llama.block_count",
                        "llama.feed_forward_length",
                        "llama.attention.head_count",
                        "llama.attention.head_count_kv",
                        "llama.rope.dimension_count",
                        "tokenizer.ggml.bos_token_id",
                        "tokenizer.ggml.eos_token_id")) {
            files.put(size + " 0", with(at(size), 0));
            files.put(size + " 2^31-1", with(at(size), Integer.MAX_VALUE));
        }
    }

    /** Of a format without a network, under a name that an engine loads. */
    public static Map<String, byte[]> ofSafetensors() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        String overlapping =
                """
                {"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]},
                 "b":{"dtype":"F32","shape":[4],"data_offsets":[8,24]}}\
                """;
        files.put("tensors that overlap", safetensors(overlapping.length(), overlapping, 24));
        files.put("a header of 2^62 bytes", safetensors(ABSURD, overlapping, 24));
        files.put("a header of -1 bytes", safetensors(-1, overlapping, 24));
        files.put(
                "an offset of 2^62",
                safetensors(
                        62,
                        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904],"
                                + "\"data_offsets\":[0,4611686018427387904]}}",
                        16));
        String deep = "{\"a\":".repeat(100_000) + "1" + "}".repeat(100_000);
        files.put("a header of a hundred thousand objects", safetensors(deep.length(), deep, 16));
        return files;
    }

    private static byte[] safetensors(long length, String header, int bytes) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Long.BYTES + text.length + bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .put(text)
                .array();
    }

    private int at(String key) {
        Integer place = values.get(key);
        if (place == null) {
            throw new IllegalArgumentException("no entry " + key);
        }
        return place;
    }

    private byte[] with(int place, long value) {
        byte[] changed = whole.clone();
        buffer(changed).putLong(place, value);
        return changed;
    }

    private byte[] with(int place, int value) {
        byte[] changed = whole.clone();
        buffer(changed).putInt(place, value);
        return changed;
    }

    /** Entries of 32 bytes each, so that the tensors stay aligned. */
    private static List<byte[]> entries(int count, String key) {
        List<byte[]> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ByteBuffer entry = buffer(new byte[32]);
            byte[] name = key.formatted(i).getBytes(StandardCharsets.UTF_8);
            entry.putLong(16).put(Arrays.copyOf(name, 16)).putInt(NUMBER).putInt(i);
            entries.add(entry.array());
        }
        return entries;
    }

    private static byte[] nested(int depth) {
        ByteBuffer entry = buffer(new byte[Long.BYTES + 16 + Integer.BYTES + depth * 12 + 4]);
        entry.putLong(16).put(new byte[16]).putInt(LIST);
        for (int i = 0; i < depth; i++) {
            entry.putInt(LIST).putLong(1);
        }
        return entry.array();
    }

    private byte[] inserted(List<byte[]> entries) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.write(whole, 0, FIRST_ENTRY);
        entries.forEach(file::writeBytes);
        file.write(whole, FIRST_ENTRY, whole.length - FIRST_ENTRY);
        byte[] changed = file.toByteArray();
        ByteBuffer header = buffer(changed);
        header.putLong(COUNT_OF_ENTRIES, header.getLong(COUNT_OF_ENTRIES) + entries.size());
        return changed;
    }

    private static ByteBuffer buffer(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static String text(ByteBuffer from) {
        byte[] text = new byte[(int) from.getLong()];
        from.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    private static void skip(ByteBuffer header, int type) {
        if (type == TEXT) {
            text(header);
        } else if (type == LIST) {
            int of = header.getInt();
            long count = header.getLong();
            for (long i = 0; i < count; i++) {
                skip(header, of);
            }
        } else {
            header.position(header.position() + SIZES[type]);
        }
    }
}
