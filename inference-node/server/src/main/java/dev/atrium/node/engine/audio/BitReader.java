package dev.atrium.node.engine.audio;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/** Bits of a file, the highest of each byte first; what would lie behind its end is refused. */
final class BitReader {
    private final ByteBuffer file;
    private long cache;
    private int cached;

    BitReader(ByteBuffer file) {
        this.file = file;
    }

    /**
     * @param bits at most 32
     */
    int read(int bits) {
        while (cached < bits) {
            fill();
        }
        cached -= bits;
        return (int) (cache >>> cached & (1L << bits) - 1);
    }

    /**
     * @param bits at most 32
     */
    int readSigned(int bits) {
        return bits == 0 ? 0 : read(bits) << 32 - bits >> 32 - bits;
    }

    /** Zeros before the next one. */
    int readUnary() {
        int zeros = 0;
        while (true) {
            if (cached == 0) {
                fill();
            }
            long left = cache & (1L << cached) - 1;
            if (left != 0) {
                int before = cached - (Long.SIZE - Long.numberOfLeadingZeros(left));
                cached -= before + 1;
                return zeros + before;
            }
            zeros += cached;
            cached = 0;
        }
    }

    private void fill() {
        if (!file.hasRemaining()) {
            throw new BufferUnderflowException();
        }
        cache = cache << 8 | file.get() & 0xFF;
        cached += 8;
    }

    /** Leaves out the rest of a byte that was begun. */
    void align() {
        cached -= cached % 8;
    }

    /** Of the next byte in the file; between bytes only. */
    int position() {
        return file.position() - cached / 8;
    }

    boolean isAtEnd() {
        return cached < 8 && !file.hasRemaining();
    }
}
