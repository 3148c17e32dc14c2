package dev.atrium.node.inference;

import java.io.IOException;
import java.io.InputStream;

/** The first bytes of a stream, and nothing behind them; closing it closes nothing. */
final class HeaderStream extends InputStream {
    private final InputStream source;
    private long left;

    HeaderStream(InputStream source, long bytes) {
        this.source = source;
        this.left = bytes;
    }

    /** Bytes that have not been read. */
    long left() {
        return left;
    }

    @Override
    public int read() throws IOException {
        int value = left == 0 ? -1 : source.read();
        left -= value < 0 ? 0 : 1;
        return value;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (left == 0) {
            return length == 0 ? 0 : -1;
        }
        int read = source.read(target, offset, (int) Math.min(left, length));
        left -= Math.max(0, read);
        return read;
    }
}
