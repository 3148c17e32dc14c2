package dev.atrium.gateway.predict;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalLong;

/**
 * How long a RIFF/WAVE file sounds, by its header: nodes count its samples and come to the same. So
 * a short recording need not reserve what the longest could take. Nothing is checked here: what the
 * header says wrongly, the node's worker refuses.
 */
final class WavLength {
    private static final int RIFF = 0x46464952;
    private static final int WAVE = 0x45564157;
    private static final int FMT = 0x20746D66;
    private static final int DATA = 0x61746164;
    private static final int SHORTEST_FORMAT = 16;
    private static final int RATE = 4;
    private static final int FRAME = 12;
    private static final long MILLIS_PER_SECOND = 1_000;

    /** An event loop looks at no more of them. */
    private static final int MOST_CHUNKS = 100;

    private WavLength() {}

    /** Rounded up, at least 1; empty for what is no WAV file, or a broken one. */
    static OptionalLong millis(byte[] body) {
        ByteBuffer file = ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN);
        try {
            boolean isRiff = file.getInt() == RIFF;
            file.getInt();
            return isRiff && file.getInt() == WAVE ? ofChunks(file) : OptionalLong.empty();
        } catch (BufferUnderflowException | IndexOutOfBoundsException breaksOff) {
            return OptionalLong.empty();
        }
    }

    private static OptionalLong ofChunks(ByteBuffer file) {
        long rate = 0;
        int frame = 0;
        for (int chunk = 0; chunk < MOST_CHUNKS; chunk++) {
            int type = file.getInt();
            long length = Integer.toUnsignedLong(file.getInt());
            int begin = file.position();
            if (type == DATA || length > file.remaining()) {
                return rate == 0 || frame == 0 || length > file.remaining()
                        ? OptionalLong.empty()
                        : OptionalLong.of(
                                Math.max(
                                        1, Math.ceilDiv(length / frame * MILLIS_PER_SECOND, rate)));
            }
            if (type == FMT && rate == 0 && length >= SHORTEST_FORMAT) {
                rate = Integer.toUnsignedLong(file.getInt(begin + RATE));
                frame = Short.toUnsignedInt(file.getShort(begin + FRAME));
            }
            // Chunks begin at even places.
            file.position((int) Math.min(begin + length + (length & 1), file.limit()));
        }
        return OptionalLong.empty();
    }
}
