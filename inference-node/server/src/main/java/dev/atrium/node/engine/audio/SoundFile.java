package dev.atrium.node.engine.audio;

import dev.atrium.node.engine.Cancellation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Tells by a file's first bytes what it is: what its sender calls it says little. */
final class SoundFile {
    private static final int RIFF = 0x52494646;
    private static final int WAVE = 0x57415645;
    private static final int FLAC = 0x664C6143;
    private static final int OGG = 0x4F676753;
    private static final int FORM = 12;

    private SoundFile() {}

    /**
     * @param content from position to limit
     * @param longestSeconds longer recordings are refused
     */
    static Sound decode(ByteBuffer content, int longestSeconds, Cancellation cancellation) {
        ByteBuffer file = content.slice().order(ByteOrder.BIG_ENDIAN);
        int magic = file.remaining() < FORM ? 0 : file.getInt(0);
        if (magic == RIFF && file.getInt(8) == WAVE) {
            return new WavFile(file, longestSeconds).decode(cancellation);
        }
        if (magic == FLAC) {
            return new FlacFile(file, longestSeconds).decode(cancellation);
        }
        throw Sound.broken(
                magic == OGG
                        ? "is OGG, which is not decoded here; send WAV or FLAC"
                        : "is neither WAV nor FLAC");
    }
}
