package dev.atrium.registry.artifact.gguf;

import dev.atrium.registry.artifact.format.ArtifactRejectedException;
import dev.atrium.registry.artifact.format.FileBytes;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The key-value pairs of a GGUF header; keeps only short ones, walks over the rest. */
final class GgufMetadata {
    private static final int MAX_KEY_BYTES = 256;
    private static final int MAX_KEPT_TEXT = 256;
    private static final int MAX_TEXT_BYTES = 16 << 20;
    private static final long MAX_ARRAY = 16_000_000;
    private static final int MAX_ARRAY_DEPTH = 4;

    private static final int BOOL = 7;
    private static final int TEXT = 8;
    private static final int ARRAY = 9;

    /** Bytes of a value by its type number; 0 where it varies. */
    private static final int[] SIZES = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};

    private final Map<String, Long> numbers = new HashMap<>();
    private final Map<String, String> texts = new HashMap<>();

    private GgufMetadata() {}

    static GgufMetadata read(FileBytes file, long pairs) {
        GgufMetadata metadata = new GgufMetadata();
        Set<String> keys = new HashSet<>();
        for (long i = 0; i < pairs; i++) {
            String key = name(file, MAX_KEY_BYTES);
            if (!keys.add(key)) {
                throw new ArtifactRejectedException("the GGUF file has the key " + key + " twice");
            }
            metadata.value(file, key);
        }
        return metadata;
    }

    @Nullable String text(String key) {
        return texts.get(key);
    }

    @Nullable Long number(String key) {
        return numbers.get(key);
    }

    private void value(FileBytes file, String key) {
        int type = file.int32();
        if (type == TEXT) {
            long length = textLength(file);
            if (length <= MAX_KEPT_TEXT) {
                texts.put(key, new String(file.bytes((int) length), StandardCharsets.UTF_8));
            } else {
                file.skip(length);
            }
        } else if (type == ARRAY) {
            skipArray(file, 1);
        } else {
            number(file, key, type);
        }
    }

    private void number(FileBytes file, String key, int type) {
        switch (type) {
            case 0, BOOL -> numbers.put(key, (long) file.unsignedByte());
            case 1 -> numbers.put(key, (long) (byte) file.unsignedByte());
            case 2 -> numbers.put(key, (long) file.unsignedShort());
            case 3 -> numbers.put(key, (long) (short) file.unsignedShort());
            case 4 -> numbers.put(key, file.unsignedInt());
            case 5 -> numbers.put(key, (long) file.int32());
            case 10, 11 -> numbers.put(key, file.int64());
            default -> file.skip(size(type));
        }
    }

    private static void skipArray(FileBytes file, int depth) {
        if (depth > MAX_ARRAY_DEPTH) {
            throw new ArtifactRejectedException("the GGUF file nests arrays too deeply");
        }
        int type = file.int32();
        long count = file.int64();
        if (count < 0 || count > MAX_ARRAY) {
            throw new ArtifactRejectedException(
                    "the GGUF file claims an array of " + Long.toUnsignedString(count) + " values");
        }
        if (type != TEXT && type != ARRAY) {
            file.skip(count * size(type));
            return;
        }
        for (long i = 0; i < count; i++) {
            if (type == TEXT) {
                file.skip(textLength(file));
            } else {
                skipArray(file, depth + 1);
            }
        }
    }

    private static int size(int type) {
        int size = type >= 0 && type < SIZES.length ? SIZES[type] : 0;
        if (size == 0) {
            throw new ArtifactRejectedException(
                    "the GGUF file has a value of the unknown type "
                            + Integer.toUnsignedString(type));
        }
        return size;
    }

    private static long textLength(FileBytes file) {
        long length = file.int64();
        if (length < 0 || length > MAX_TEXT_BYTES) {
            throw new ArtifactRejectedException(
                    "the GGUF file claims a text of " + Long.toUnsignedString(length) + " bytes");
        }
        return length;
    }

    /** A short text that names something. */
    static String name(FileBytes file, int maxBytes) {
        long length = file.int64();
        if (length < 1 || length > maxBytes) {
            throw new ArtifactRejectedException(
                    "the GGUF file claims a name of " + Long.toUnsignedString(length) + " bytes");
        }
        return new String(file.bytes((int) length), StandardCharsets.UTF_8);
    }
}
