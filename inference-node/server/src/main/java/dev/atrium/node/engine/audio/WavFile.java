package dev.atrium.node.engine.audio;

import dev.atrium.node.engine.Cancellation;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * RIFF/WAVE with PCM of 8 to 32 bits, IEEE floats, A-law or mu-law. Lengths in the file are only
 * believed as far as its bytes reach, and one that reaches further is refused.
 *
 * @see "Microsoft, Multimedia Programming Interface and Data Specifications 1.0, 1991"
 */
final class WavFile {
    private static final int FMT = 0x20746D66;
    private static final int DATA = 0x61746164;
    private static final int RIFF_HEADER = 12;
    private static final int SHORTEST_FORMAT = 16;
    private static final int EXTENSIBLE_FORMAT = 40;
    private static final int SUBFORMAT = 24;
    private static final int BLOCK = 1 << 16;

    /** Of a switch over format and bits. */
    private static final int KEY = 16;

    private static final int PCM = 1;
    private static final int FLOAT = 3;
    private static final int A_LAW = 6;
    private static final int MU_LAW = 7;
    private static final int EXTENSIBLE = 0xFFFE;

    private final ByteBuffer file;
    private final int longestSeconds;

    WavFile(ByteBuffer file, int longestSeconds) {
        this.file = file.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        this.longestSeconds = longestSeconds;
    }

    /** Gets one sample, from -1 to 1, at a place in the file. */
    private interface Encoding {
        float read(ByteBuffer file, int at);
    }

    private record Format(Encoding encoding, int bytes, int channels, long rate) {}

    Sound decode(Cancellation cancellation) {
        try {
            return read(cancellation);
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            throw Sound.broken("breaks off");
        }
    }

    private Sound read(Cancellation cancellation) {
        Format format = null;
        file.position(RIFF_HEADER);
        while (file.hasRemaining()) {
            int type = file.getInt();
            long length = file.getInt() & 0xFFFF_FFFFL;
            int begin = file.position();
            if (length > file.remaining()) {
                throw Sound.broken(
                        "breaks off: its header promises "
                                + length
                                + " bytes, "
                                + file.remaining()
                                + " are there");
            }
            if (type == FMT && format == null) {
                format = format((int) length);
            } else if (type == DATA) {
                if (format == null) {
                    throw Sound.broken("says nothing of its format");
                }
                return samples(format, begin, (int) length, cancellation);
            }
            // Chunks begin at even places; the last one may go without its padding.
            file.position((int) Math.min(begin + length + (length & 1), file.limit()));
        }
        throw Sound.broken("has no samples");
    }

    private Format format(int length) {
        if (length < SHORTEST_FORMAT) {
            throw Sound.broken("says nothing of its format");
        }
        int at = file.position();
        int code = file.getShort(at) & 0xFFFF;
        int channels = file.getShort(at + 2) & 0xFFFF;
        long rate = file.getInt(at + 4) & 0xFFFF_FFFFL;
        int frame = file.getShort(at + 12) & 0xFFFF;
        int bits = file.getShort(at + 14) & 0xFFFF;
        if (code == EXTENSIBLE && length >= EXTENSIBLE_FORMAT) {
            code = file.getShort(at + SUBFORMAT) & 0xFFFF;
        }
        Encoding encoding = encoding(code, bits);
        if (frame != channels * (bits / 8)) {
            throw Sound.broken("has a format that contradicts itself");
        }
        return new Format(encoding, bits / 8, channels, rate);
    }

    private static Encoding encoding(int code, int bits) {
        return switch (code << KEY | bits) {
            case PCM << KEY | 8 -> (file, at) -> ((file.get(at) & 0xFF) - 128) / 128f;
            case PCM << KEY | 16 -> (file, at) -> file.getShort(at) / 32_768f;
            case PCM << KEY | 24 ->
                    (file, at) ->
                            (file.getShort(at) & 0xFFFF | file.get(at + 2) << 16) / 8_388_608f;
            case PCM << KEY | 32 -> (file, at) -> file.getInt(at) / 2_147_483_648f;
            case FLOAT << KEY | 32 -> (file, at) -> file.getFloat(at);
            case FLOAT << KEY | 64 -> (file, at) -> (float) file.getDouble(at);
            case A_LAW << KEY | 8 -> (file, at) -> Companding.aLaw(file.get(at)) / 32_768f;
            case MU_LAW << KEY | 8 -> (file, at) -> Companding.muLaw(file.get(at)) / 32_768f;
            default ->
                    throw Sound.broken(
                            "is WAV of the format "
                                    + code
                                    + " with "
                                    + bits
                                    + " bits; there are PCM of 8, 16, 24 and 32 bits, floats of 32"
                                    + " and 64, A-law and mu-law");
        };
    }

    private Sound samples(Format format, int begin, int length, Cancellation cancellation) {
        int most = Sound.mostSamples(format.rate(), format.channels(), longestSeconds);
        int frame = format.channels() * format.bytes();
        if (length % frame != 0) {
            throw Sound.broken("ends in the middle of a sample");
        }
        int count = length / frame;
        if (count == 0) {
            throw Sound.broken("has no samples");
        }
        if (count > most) {
            throw Sound.tooLong(format.rate(), most);
        }
        float[] samples = new float[count];
        for (int i = 0; i < count; i++) {
            if (i % BLOCK == 0) {
                cancellation.throwIfCancelled();
            }
            float sum = 0;
            for (int channel = 0; channel < format.channels(); channel++) {
                int at = begin + i * frame + channel * format.bytes();
                sum += format.encoding().read(file, at);
            }
            samples[i] = sum / format.channels();
            if (!Float.isFinite(samples[i])) {
                throw Sound.broken("has samples that are no numbers");
            }
        }
        return new Sound((int) format.rate(), samples);
    }
}
