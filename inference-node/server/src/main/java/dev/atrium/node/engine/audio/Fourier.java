package dev.atrium.node.engine.audio;

import java.util.Arrays;

/**
 * The discrete Fourier transform of any length: by halving where that is a power of two, else as a
 * convolution with a chirp (Bluestein), which takes three transforms of a power of two.
 *
 * @see "Cooley and Tukey, 1965; Bluestein, 1970"
 */
final class Fourier {
    private final int size;
    private final int padded;
    private final double[] cosines;
    private final double[] sines;
    private final double[] chirpCosines;
    private final double[] chirpSines;
    private final double[] filterReal;
    private final double[] filterImaginary;

    Fourier(int size) {
        this.size = size;
        boolean isPower = Integer.bitCount(size) == 1;
        this.padded = isPower ? size : Integer.highestOneBit(2 * size - 1) << 1;
        this.cosines = new double[padded / 2];
        this.sines = new double[padded / 2];
        for (int i = 0; i < padded / 2; i++) {
            cosines[i] = Math.cos(2 * Math.PI * i / padded);
            sines[i] = -Math.sin(2 * Math.PI * i / padded);
        }
        int chirp = isPower ? 0 : size;
        this.chirpCosines = new double[chirp];
        this.chirpSines = new double[chirp];
        this.filterReal = new double[isPower ? 0 : padded];
        this.filterImaginary = new double[isPower ? 0 : padded];
        if (!isPower) {
            prepareChirp();
        }
    }

    private void prepareChirp() {
        for (int i = 0; i < size; i++) {
            // The square without what is whole turns, which would cost digits.
            double angle = Math.PI * ((long) i * i % (2L * size)) / size;
            chirpCosines[i] = Math.cos(angle);
            chirpSines[i] = Math.sin(angle);
            int mirrored = i == 0 ? 0 : padded - i;
            filterReal[i] = filterReal[mirrored] = chirpCosines[i];
            filterImaginary[i] = filterImaginary[mirrored] = chirpSines[i];
        }
        byHalves(filterReal, filterImaginary);
    }

    /** Room for the real or the imaginary parts; what is behind the size is used in between. */
    double[] room() {
        return new double[padded];
    }

    /** In place, from {@link #room}. */
    void transform(double[] real, double[] imaginary) {
        if (padded == size) {
            byHalves(real, imaginary);
            return;
        }
        for (int i = 0; i < size; i++) {
            turnBack(real, imaginary, i);
        }
        Arrays.fill(real, size, padded, 0);
        Arrays.fill(imaginary, size, padded, 0);
        byHalves(real, imaginary);
        for (int i = 0; i < padded; i++) {
            double product = real[i] * filterReal[i] - imaginary[i] * filterImaginary[i];
            // Conjugated, so that the same transform goes back.
            imaginary[i] = -(real[i] * filterImaginary[i] + imaginary[i] * filterReal[i]);
            real[i] = product;
        }
        byHalves(real, imaginary);
        for (int i = 0; i < size; i++) {
            real[i] /= padded;
            imaginary[i] /= -padded;
            turnBack(real, imaginary, i);
        }
    }

    private void turnBack(double[] real, double[] imaginary, int at) {
        double turned = real[at] * chirpCosines[at] + imaginary[at] * chirpSines[at];
        imaginary[at] = imaginary[at] * chirpCosines[at] - real[at] * chirpSines[at];
        real[at] = turned;
    }

    private void byHalves(double[] real, double[] imaginary) {
        reorder(real, imaginary);
        for (int length = 2; length <= padded; length *= 2) {
            int step = padded / length;
            for (int begin = 0; begin < padded; begin += length) {
                for (int i = 0; i < length / 2; i++) {
                    butterfly(real, imaginary, begin + i, begin + i + length / 2, i * step);
                }
            }
        }
    }

    private void butterfly(double[] real, double[] imaginary, int one, int other, int turn) {
        double turnedReal = real[other] * cosines[turn] - imaginary[other] * sines[turn];
        double turnedImaginary = real[other] * sines[turn] + imaginary[other] * cosines[turn];
        real[other] = real[one] - turnedReal;
        imaginary[other] = imaginary[one] - turnedImaginary;
        real[one] += turnedReal;
        imaginary[one] += turnedImaginary;
    }

    /** To the places that the bits of the index have in reverse. */
    private void reorder(double[] real, double[] imaginary) {
        int bits = Integer.numberOfTrailingZeros(padded);
        for (int i = 0; i < padded; i++) {
            int place = bits == 0 ? 0 : Integer.reverse(i) >>> 32 - bits;
            if (place > i) {
                double kept = real[i];
                real[i] = real[place];
                real[place] = kept;
                kept = imaginary[i];
                imaginary[i] = imaginary[place];
                imaginary[place] = kept;
            }
        }
    }
}
