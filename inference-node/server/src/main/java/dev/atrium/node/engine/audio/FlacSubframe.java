package dev.atrium.node.engine.audio;

import java.util.Arrays;

/** One channel of a frame: a prediction and what differs from it. */
final class FlacSubframe {
    private static final int LPC = 32;
    private static final int FIXED = 8;
    private static final int MOST_FIXED = 4;
    private static final long[][] FIXED_COEFFICIENTS = {
        {}, {1}, {2, -1}, {3, -3, 1}, {4, -6, 4, -1},
    };

    private final BitReader bits;
    private final int depth;
    private final int[] samples;
    private final int block;

    /**
     * @param depth bits of a sample
     * @param samples get what is read, from the first on
     * @param block how many are read
     */
    FlacSubframe(BitReader bits, int depth, int[] samples, int block) {
        this.bits = bits;
        this.depth = depth;
        this.samples = samples;
        this.block = block;
    }

    void read() {
        if (bits.read(1) != 0) {
            throw FlacFrame.broken();
        }
        int type = bits.read(6);
        int wasted = bits.read(1) == 0 ? 0 : bits.readUnary() + 1;
        int left = depth - wasted;
        if (left < 1) {
            throw FlacFrame.broken();
        }
        if (type == 0) {
            Arrays.fill(samples, 0, block, bits.readSigned(left));
        } else if (type == 1) {
            readPlain(block, left);
        } else if (type >= LPC) {
            readPredicted(type - LPC + 1, left);
        } else if (type >= FIXED && type <= FIXED + MOST_FIXED) {
            int order = type - FIXED;
            readPlain(order, left);
            readResidual(order);
            restore(FIXED_COEFFICIENTS[order], 0, left);
        } else {
            throw FlacFrame.broken();
        }
        for (int i = 0; wasted > 0 && i < block; i++) {
            samples[i] <<= wasted;
        }
    }

    private void readPlain(int count, int width) {
        if (count > block) {
            throw FlacFrame.broken();
        }
        for (int i = 0; i < count; i++) {
            samples[i] = bits.readSigned(width);
        }
    }

    private void readPredicted(int order, int width) {
        readPlain(order, width);
        int precision = bits.read(4) + 1;
        int shift = bits.readSigned(5);
        if (precision == 16 || shift < 0) {
            throw FlacFrame.broken();
        }
        long[] coefficients = new long[order];
        for (int i = 0; i < order; i++) {
            coefficients[i] = bits.readSigned(precision);
        }
        readResidual(order);
        restore(coefficients, shift, width);
    }

    /** In the manner of Rice: the higher bits in unary, the lower ones as they are. */
    private void readResidual(int order) {
        int method = bits.read(2);
        int partitions = bits.read(4);
        int length = block >> partitions;
        if (method > 1 || length << partitions != block || length < order) {
            throw FlacFrame.broken();
        }
        int width = 4 + method;
        int escape = (1 << width) - 1;
        int at = order;
        for (int end = length; end <= block; end += length) {
            int parameter = bits.read(width);
            int raw = parameter == escape ? bits.read(5) : 0;
            for (; at < end; at++) {
                samples[at] = parameter == escape ? bits.readSigned(raw) : rice(parameter);
            }
        }
    }

    private int rice(int parameter) {
        long folded = (long) bits.readUnary() << parameter | bits.read(parameter);
        if (folded > 0xFFFF_FFFFL) {
            throw FlacFrame.broken();
        }
        return (int) (folded >>> 1) ^ -(int) (folded & 1);
    }

    private void restore(long[] coefficients, int shift, int width) {
        for (int i = coefficients.length; i < block; i++) {
            long sum = 0;
            for (int k = 0; k < coefficients.length; k++) {
                sum += coefficients[k] * samples[i - 1 - k];
            }
            long sample = samples[i] + (sum >> shift);
            if (sample != sample << Long.SIZE - width >> Long.SIZE - width) {
                throw FlacFrame.broken();
            }
            samples[i] = (int) sample;
        }
    }
}
