package dev.atrium.node.engine.audio;

import dev.atrium.node.engine.EngineException;
import java.nio.ByteBuffer;

/** Reads frames of a FLAC file one after the other, each in the room of the one before. */
final class FlacFrame {
    private static final int SYNC = 0x3FFE;
    private static final int LEFT_SIDE = 8;
    private static final int SIDE_RIGHT = 9;
    private static final int MID_SIDE = 10;
    private static final int CRC_8 = 0x07;
    private static final int CRC_16 = 0x8005;
    private static final int[] RATES = {
        0, 88_200, 176_400, 192_000, 8_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000
    };
    private static final int[] DEPTHS = {0, 8, 12, 0, 16, 20, 24, 32};

    private final ByteBuffer file;
    private final BitReader bits;
    private final FlacFile.StreamInfo info;
    private final int[][] samples;

    FlacFrame(ByteBuffer file, BitReader bits, FlacFile.StreamInfo info) {
        this.file = file;
        this.bits = bits;
        this.info = info;
        this.samples = new int[info.channels()][info.longestBlock()];
    }

    int sample(int channel, int index) {
        return samples[channel][index];
    }

    /**
     * @return samples of each channel
     */
    int read() {
        int begin = bits.position();
        if (bits.read(14) != SYNC || bits.read(2) > 1) {
            throw broken();
        }
        int sizeCode = bits.read(4);
        int rateCode = bits.read(4);
        int channelCode = bits.read(4);
        int depth = DEPTHS[bits.read(3)];
        if (bits.read(1) != 0) {
            throw broken();
        }
        skipNumber();
        int block = block(sizeCode);
        int rate = rate(rateCode);
        if (block > info.longestBlock()
                || rate != 0 && rate != info.rate()
                || depth != 0 && depth != info.bits()
                || channels(channelCode) != info.channels()) {
            throw broken();
        }
        requireChecksum(begin, 8, CRC_8);
        for (int channel = 0; channel < info.channels(); channel++) {
            int wider = isSide(channelCode, channel) ? 1 : 0;
            new FlacSubframe(bits, info.bits() + wider, samples[channel], block).read();
        }
        join(channelCode, block);
        bits.align();
        requireChecksum(begin, 16, CRC_16);
        return block;
    }

    /** Of the frame or its first sample, in the manner of UTF-8; nothing here needs it. */
    private void skipNumber() {
        int first = bits.read(8);
        int more = Integer.numberOfLeadingZeros(~(first << 24));
        if (more == 1 || more > 7) {
            throw broken();
        }
        for (int i = 1; i < more; i++) {
            if (bits.read(2) != 2) {
                throw broken();
            }
            bits.read(6);
        }
    }

    private int block(int code) {
        return switch (code) {
            case 0 -> throw broken();
            case 1 -> 192;
            case 2, 3, 4, 5 -> 576 << code - 2;
            case 6 -> bits.read(8) + 1;
            case 7 -> bits.read(16) + 1;
            default -> 256 << code - 8;
        };
    }

    private int rate(int code) {
        return switch (code) {
            case 12 -> 1_000 * bits.read(8);
            case 13 -> bits.read(16);
            case 14 -> 10 * bits.read(16);
            case 15 -> throw broken();
            default -> RATES[code];
        };
    }

    private static int channels(int code) {
        if (code > MID_SIDE) {
            throw broken();
        }
        return code < LEFT_SIDE ? code + 1 : 2;
    }

    private static boolean isSide(int code, int channel) {
        return code == SIDE_RIGHT ? channel == 0 : code >= LEFT_SIDE && channel == 1;
    }

    /** Makes left and right of what was coded instead. */
    private void join(int code, int block) {
        for (int i = 0; code >= LEFT_SIDE && i < block; i++) {
            int one = samples[0][i];
            int other = samples[1][i];
            switch (code) {
                case LEFT_SIDE -> samples[1][i] = one - other;
                case SIDE_RIGHT -> samples[0][i] = one + other;
                default -> {
                    int middle = one << 1 | other & 1;
                    samples[0][i] = middle + other >> 1;
                    samples[1][i] = middle - other >> 1;
                }
            }
        }
    }

    private void requireChecksum(int begin, int width, int polynomial) {
        int end = bits.position();
        int crc = 0;
        int top = 1 << width - 1;
        for (int at = begin; at < end; at++) {
            crc ^= (file.get(at) & 0xFF) << width - 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & top) != 0 ? crc << 1 ^ polynomial : crc << 1;
            }
        }
        if (bits.read(width) != (crc & (1 << width) - 1)) {
            throw broken();
        }
    }

    static EngineException broken() {
        return Sound.broken("is FLAC with a damaged frame");
    }
}
