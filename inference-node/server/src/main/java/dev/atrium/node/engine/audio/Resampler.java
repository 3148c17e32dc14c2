package dev.atrium.node.engine.audio;

import dev.atrium.node.engine.Cancellation;

/**
 * Changes the sample rate: each sample of the result is a sum of those around it, weighted by a
 * sinc that lets pass what is below {@value #ROLLOFF} of half the lower rate, under a Hann window
 * of {@value #ZEROS} zero crossings to each side. What lies before and behind the recording is 0.
 *
 * <p>This is what {@code torchaudio.functional.resample} computes with its default settings, and
 * through it what many published models were trained with.
 *
 * @see "Smith, Digital Audio Resampling Home Page, https://ccrma.stanford.edu/~jos/resample/"
 */
final class Resampler {
    private static final int ZEROS = 6;
    private static final double ROLLOFF = 0.99;
    private static final int BLOCK = 1 << 14;

    /** Both rates without their common divisor: after so many samples all repeats itself. */
    private final int from;

    private final int to;
    private final int[] first;
    private final float[][] weights;

    private Resampler(int from, int to) {
        this.from = from;
        this.to = to;
        this.first = new int[to];
        this.weights = new float[to][];
        double base = Math.min(from, to) * ROLLOFF;
        double reach = ZEROS * from / base;
        for (int phase = 0; phase < to; phase++) {
            double centre = (double) phase * from / to;
            first[phase] = (int) Math.ceil(centre - reach);
            int last = (int) Math.floor(centre + reach);
            weights[phase] = new float[last - first[phase] + 1];
            for (int i = 0; i < weights[phase].length; i++) {
                double distance = (first[phase] + i - centre) * base / from;
                weights[phase][i] = (float) (sinc(distance) * hann(distance) * base / from);
            }
        }
    }

    private static double sinc(double x) {
        return x == 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
    }

    private static double hann(double distance) {
        double cosine = Math.cos(Math.PI * Math.clamp(distance, -ZEROS, ZEROS) / ZEROS / 2);
        return cosine * cosine;
    }

    static Sound resample(Sound sound, int rate, Cancellation cancellation) {
        if (sound.rate() == rate) {
            return sound;
        }
        int divisor = divisor(sound.rate(), rate);
        Resampler resampler = new Resampler(sound.rate() / divisor, rate / divisor);
        return new Sound(rate, resampler.resample(sound.samples(), cancellation));
    }

    private static int divisor(int one, int other) {
        return other == 0 ? one : divisor(other, one % other);
    }

    private float[] resample(float[] samples, Cancellation cancellation) {
        float[] result = new float[(int) Math.ceilDiv((long) samples.length * to, (long) from)];
        for (int i = 0; i < result.length; i++) {
            if (i % BLOCK == 0) {
                cancellation.throwIfCancelled();
            }
            int phase = i % to;
            result[i] = sum(samples, i / to * from + first[phase], weights[phase]);
        }
        return result;
    }

    private static float sum(float[] samples, int at, float[] weights) {
        double sum = 0;
        int end = Math.min(weights.length, samples.length - at);
        for (int i = Math.max(0, -at); i < end; i++) {
            sum += samples[at + i] * weights[i];
        }
        return (float) sum;
    }
}
