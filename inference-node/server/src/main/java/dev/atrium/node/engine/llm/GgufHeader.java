package dev.atrium.node.engine.llm;

import dev.atrium.node.engine.EngineException;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The single values among a GGUF file's metadata; arrays are skipped. */
final class GgufHeader {
    private static final int MAGIC = 0x46554747;
    private static final int MAX_ENTRIES = 10_000;
    private static final int MAX_KEY_BYTES = 65_535;
    private static final long MAX_ELEMENTS = 1L << 40;
    private static final int MAX_KEPT_TEXT_BYTES = 1 << 20;

    /** Sizes of the value types by their codes; 0 where they vary. */
    private static final int[] SIZES = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};

    private static final int BOOL = 7;
    private static final int STRING = 8;
    private static final int ARRAY = 9;
    private static final int FLOAT = 6;
    private static final int DOUBLE = 12;

    private final Map<String, Object> values = new HashMap<>();

    private GgufHeader() {}

    static GgufHeader read(Path file) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return read(in);
        } catch (IOException e) {
            throw EngineException.failed("the GGUF file cannot be read", e);
        }
    }

    /**
     * @throws IOException when it is no header, or breaks off
     */
    static GgufHeader read(InputStream in) throws IOException {
        GgufHeader header = new GgufHeader();
        header.read(new DataInputStream(in));
        return header;
    }

    private void read(DataInputStream in) throws IOException {
        if (u32(in) != MAGIC) {
            throw new IOException("not GGUF");
        }
        u32(in);
        u64(in);
        long entries = u64(in);
        if (entries < 0 || entries > MAX_ENTRIES) {
            throw new IOException("too many entries");
        }
        for (long i = 0; i < entries; i++) {
            String key = text(in, MAX_KEY_BYTES);
            int type = u32(in);
            if (type == ARRAY) {
                skipArray(in);
            } else {
                values.put(key, value(in, type));
            }
        }
    }

    private static Object value(DataInputStream in, int type) throws IOException {
        return switch (type) {
            case STRING -> text(in, MAX_KEPT_TEXT_BYTES);
            case BOOL -> in.readByte() != 0;
            case FLOAT -> Float.intBitsToFloat(u32(in));
            case DOUBLE -> Double.longBitsToDouble(u64(in));
            default -> integer(in, size(type));
        };
    }

    private static long integer(DataInputStream in, int bytes) throws IOException {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= (in.readByte() & 0xFFL) << (8 * i);
        }
        return value;
    }

    private static void skipArray(DataInputStream in) throws IOException {
        int type = u32(in);
        long count = u64(in);
        if (count < 0 || count > MAX_ELEMENTS) {
            throw new IOException("a list is too long");
        }
        if (type == STRING) {
            for (long i = 0; i < count; i++) {
                in.skipNBytes(length(in));
            }
        } else {
            in.skipNBytes(count * size(type));
        }
    }

    private static int size(int type) throws IOException {
        if (type < 0 || type >= SIZES.length || SIZES[type] == 0) {
            throw new IOException("unknown value type");
        }
        return SIZES[type];
    }

    private static String text(DataInputStream in, int most) throws IOException {
        long length = length(in);
        if (length > most) {
            throw new IOException("a text is too long");
        }
        byte[] bytes = in.readNBytes((int) length);
        if (bytes.length < length) {
            throw new EOFException();
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static long length(DataInputStream in) throws IOException {
        long length = u64(in);
        if (length < 0) {
            throw new IOException("a negative length");
        }
        return length;
    }

    private static int u32(DataInputStream in) throws IOException {
        return Integer.reverseBytes(in.readInt());
    }

    private static long u64(DataInputStream in) throws IOException {
        return Long.reverseBytes(in.readLong());
    }

    Optional<String> text(String key) {
        return Optional.ofNullable(values.get(key))
                .filter(String.class::isInstance)
                .map(String.class::cast);
    }

    boolean flag(String key, boolean otherwise) {
        return values.get(key) instanceof Boolean value ? value : otherwise;
    }

    /** Tokens that the model was trained for. */
    int contextLength() {
        Object length = values.get(text("general.architecture").orElse("") + ".context_length");
        if (!(length instanceof Long known) || known < 1) {
            throw EngineException.failed("the GGUF file does not say its context length", null);
        }
        return (int) Math.min(Integer.MAX_VALUE, known);
    }

    /** Whether a prompt is begun with a token of its own that is not in the text. */
    boolean addsBeginOfText() {
        boolean sentencePiece = text("tokenizer.ggml.model").orElse("").equals("llama");
        return flag("tokenizer.ggml.add_bos_token", sentencePiece);
    }
}
