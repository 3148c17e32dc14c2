package dev.atrium.node.engine;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A text, picture or table as its caller sent it.
 *
 * @param contentType as the caller said; null where it did not
 * @param content from position to limit
 */
public record NaturalInput(@Nullable String contentType, ByteBuffer content) {
    public byte[] bytes() {
        byte[] bytes = new byte[content.remaining()];
        content.slice().get(bytes);
        return bytes;
    }
}
