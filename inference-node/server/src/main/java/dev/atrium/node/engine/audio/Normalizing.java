package dev.atrium.node.engine.audio;

import dev.atrium.registry.api.catalog.AudioSettings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Moves and scales numbers: {@code (x - mean) / sqrt(variance + 1e-7)} over the recording or over
 * each band of it, as the feature extractors of wav2vec2 models do, then by fixed numbers.
 */
final class Normalizing {
    private static final double LEAST_VARIANCE = 1e-7;

    private enum Over {
        NOTHING,
        RECORDING,
        BAND
    }

    private final Over over;
    private final double[] means;
    private final double[] stds;

    /**
     * @param width numbers of each frame
     */
    Normalizing(AudioSettings settings, int width) {
        this.over =
                switch (settings.normalize()) {
                    case "recording" -> Over.RECORDING;
                    case "band" -> Over.BAND;
                    case null, default -> Over.NOTHING;
                };
        this.means = numbers(settings.mean(), width, 0);
        this.stds = numbers(settings.std(), width, 1);
    }

    private static double[] numbers(@Nullable List<Double> given, int width, double otherwise) {
        double[] numbers = new double[width];
        for (int i = 0; i < width; i++) {
            numbers[i] = given == null ? otherwise : given.get(Math.min(i, given.size() - 1));
        }
        return numbers;
    }

    /** A waveform, which has no bands. */
    void apply(float[] samples) {
        Moments moments = new Moments();
        for (float sample : samples) {
            moments.add(sample);
        }
        for (int i = 0; i < samples.length; i++) {
            samples[i] = moved(samples[i], moments, 0);
        }
    }

    /** Frame by frame, all of the width. */
    void apply(float[][] frames) {
        Moments all = new Moments();
        for (int band = 0; band < means.length; band++) {
            if (over == Over.BAND) {
                all = new Moments();
            }
            for (float[] frame : frames) {
                all.add(frame[band]);
            }
            if (over == Over.BAND) {
                move(frames, band, all);
            }
        }
        for (int band = 0; over != Over.BAND && band < means.length; band++) {
            move(frames, band, all);
        }
    }

    private void move(float[][] frames, int band, Moments moments) {
        for (float[] frame : frames) {
            frame[band] = moved(frame[band], moments, band);
        }
    }

    private float moved(float number, Moments moments, int band) {
        double own = over == Over.NOTHING ? number : moments.normalized(number);
        return (float) ((own - means[band]) / stds[band]);
    }

    /** Of numbers whose mean is not known before, in one go (Welford). */
    private static final class Moments {
        private long count;
        private double mean;
        private double squares;

        void add(double number) {
            count++;
            double distance = number - mean;
            mean += distance / count;
            squares += distance * (number - mean);
        }

        double normalized(double number) {
            return (number - mean) / Math.sqrt(squares / count + LEAST_VARIANCE);
        }
    }
}
