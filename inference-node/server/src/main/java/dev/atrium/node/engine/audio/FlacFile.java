package dev.atrium.node.engine.audio;

import dev.atrium.node.engine.Cancellation;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * FLAC of up to 24 bits. Strict: checksums of headers and frames and the digest of all samples must
 * be right, and nothing may change from one frame to the next but the length and the coding.
 *
 * @see "RFC 9639"
 */
final class FlacFile {
    private static final int MAGIC = 4;
    private static final int STREAM_INFO_BYTES = 34;
    private static final int LAST = 0x80 << 24;
    private static final int LENGTH = 0xFFFFFF;
    private static final int MOST_BITS = 24;
    private static final int LEAST_BITS = 4;
    private static final int DIGEST_BYTES = 16;
    private static final int FIRST_SAMPLES = 1 << 16;

    private final ByteBuffer file;
    private final int longestSeconds;
    private final MessageDigest digest;

    FlacFile(ByteBuffer file, int longestSeconds) {
        this.file = file;
        this.longestSeconds = longestSeconds;
        try {
            this.digest = MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * What holds for the whole file.
     *
     * @param total samples of each channel; 0 where it does not say
     * @param digest of all samples; zeros where it does not say
     */
    record StreamInfo(
            int longestBlock, int rate, int channels, int bits, long total, byte[] digest) {}

    Sound decode(Cancellation cancellation) {
        try {
            file.position(MAGIC);
            StreamInfo info = metadata();
            return new Sound(info.rate(), samples(info, cancellation));
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            throw Sound.broken("breaks off");
        }
    }

    /** Of its blocks only the first matters here. */
    private StreamInfo metadata() {
        int head = file.getInt();
        if ((head & ~LAST) != STREAM_INFO_BYTES) {
            throw Sound.broken("is FLAC that does not begin with its STREAMINFO");
        }
        StreamInfo info = streamInfo();
        while ((head & LAST) == 0) {
            head = file.getInt();
            int length = head & LENGTH;
            if (length > file.remaining()) {
                throw Sound.broken("breaks off");
            }
            file.position(file.position() + length);
        }
        return info;
    }

    private StreamInfo streamInfo() {
        BitReader bits = new BitReader(file);
        bits.read(16);
        int longestBlock = bits.read(16);
        bits.read(24);
        bits.read(24);
        int rate = bits.read(20);
        int channels = bits.read(3) + 1;
        int depth = bits.read(5) + 1;
        long total = (long) bits.read(4) << 32 | bits.read(32) & 0xFFFF_FFFFL;
        byte[] md5 = new byte[DIGEST_BYTES];
        for (int i = 0; i < md5.length; i++) {
            md5[i] = (byte) bits.read(8);
        }
        if (depth < LEAST_BITS || depth > MOST_BITS) {
            throw Sound.broken("is FLAC of " + depth + " bits; there are 4 to " + MOST_BITS);
        }
        return new StreamInfo(longestBlock, rate, channels, depth, total, md5);
    }

    private float[] samples(StreamInfo info, Cancellation cancellation) {
        int most = Sound.mostSamples(info.rate(), info.channels(), longestSeconds);
        if (info.total() > most) {
            throw Sound.tooLong(info.rate(), most);
        }
        int limit = info.total() == 0 ? most : (int) info.total();
        float[] samples = new float[Math.min(limit, FIRST_SAMPLES)];
        int count = 0;
        BitReader bits = new BitReader(file);
        FlacFrame frame = new FlacFrame(file, bits, info);
        while (info.total() == 0 ? !bits.isAtEnd() : count < info.total()) {
            cancellation.throwIfCancelled();
            int block = frame.read();
            if (count + block > limit) {
                throw info.total() == 0
                        ? Sound.tooLong(info.rate(), most)
                        : Sound.broken("has more samples than it says");
            }
            if (count + block > samples.length) {
                samples = Arrays.copyOf(samples, Math.min(limit, 2 * samples.length + block));
            }
            mix(frame, info, block, samples, count);
            count += block;
        }
        requireWhole(info, count);
        return count == samples.length ? samples : Arrays.copyOf(samples, count);
    }

    private void mix(FlacFrame frame, StreamInfo info, int block, float[] samples, int at) {
        int bytes = (info.bits() + 7) / 8;
        byte[] interleaved = new byte[block * info.channels() * bytes];
        float scale = info.channels() * (float) (1 << info.bits() - 1);
        int place = 0;
        for (int i = 0; i < block; i++) {
            long sum = 0;
            for (int channel = 0; channel < info.channels(); channel++) {
                int sample = frame.sample(channel, i);
                sum += sample;
                for (int shift = 0; shift < 8 * bytes; shift += 8) {
                    interleaved[place++] = (byte) (sample >> shift);
                }
            }
            samples[at + i] = sum / scale;
        }
        digest.update(interleaved);
    }

    private void requireWhole(StreamInfo info, int count) {
        if (count == 0) {
            throw Sound.broken("has no samples");
        }
        boolean isSaid = !Arrays.equals(info.digest(), new byte[DIGEST_BYTES]);
        if (isSaid && !MessageDigest.isEqual(digest.digest(), info.digest())) {
            throw Sound.broken("is damaged: its samples are not those of its MD5");
        }
    }
}
