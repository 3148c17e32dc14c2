package dev.atrium.node.engine;

import java.io.ByteArrayOutputStream;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Elements of {@link Datatype#BYTES} tensors as text, for engines that know strings. */
public final class ByteStrings {
    private ByteStrings() {}

    public static String[] read(ByteBuffer data, long elements) {
        ByteBuffer source = data.slice().order(ByteOrder.LITTLE_ENDIAN);
        String[] texts = new String[Math.toIntExact(elements)];
        for (int i = 0; i < texts.length; i++) {
            byte[] bytes = new byte[source.getInt()];
            source.get(bytes);
            texts[i] = new String(bytes, StandardCharsets.UTF_8);
        }
        return texts;
    }

    /**
     * @param value a string or arrays of strings, nested to any depth, in row-major order
     */
    public static ByteBuffer write(Object value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        append(bytes, value);
        return ByteBuffer.wrap(bytes.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void append(ByteArrayOutputStream bytes, Object value) {
        if (value.getClass().isArray()) {
            for (int i = 0; i < Array.getLength(value); i++) {
                append(bytes, Array.get(value, i));
            }
            return;
        }
        byte[] text = value.toString().getBytes(StandardCharsets.UTF_8);
        bytes.writeBytes(
                ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(text.length).array());
        bytes.writeBytes(text);
    }
}
