package dev.atrium.node.engine.audio;

import dev.atrium.registry.api.catalog.MelSettings;
import java.util.Arrays;

/**
 * Triangles over the bins of a spectrum, evenly spaced on a mel scale, each from the middle of the
 * one before to the middle of the next.
 *
 * <ul>
 *   <li>{@code htk}: mel = 2595 log10(1 + f / 700)
 *   <li>{@code slaney}: mel = 3 f / 200 below 1,000 Hz, above 15 + 27 ln(f / 1000) / ln 6.4
 * </ul>
 *
 * @see "Young et al., The HTK Book, section 5.4; Slaney, Auditory Toolbox 2, 1998, as in librosa
 *     (filters.mel) and torchaudio (melscale_fbanks)"
 */
final class MelBands {
    private static final double LINEAR_HZ = 200.0 / 3;
    private static final double LOG_FROM_HZ = 1_000;
    private static final double LOG_FROM_MEL = LOG_FROM_HZ / LINEAR_HZ;
    private static final double LOG_STEP = Math.log(6.4) / 27;

    private final int[] first;
    private final double[][] weights;

    MelBands(MelSettings mel, int bands, int rate, int fftSize) {
        boolean isHtk = "htk".equals(mel.scale());
        boolean hasArea = mel.norm() == null ? !isHtk : mel.norm().equals("slaney");
        double least = mel.minFrequency() == null ? 0 : mel.minFrequency();
        double most = mel.maxFrequency() == null ? rate / 2.0 : mel.maxFrequency();
        double[] edges = edges(bands, least, most, isHtk);
        this.first = new int[bands];
        this.weights = new double[bands][];
        double binHz = (double) rate / fftSize;
        for (int band = 0; band < bands; band++) {
            double[] all = triangle(edges, band, binHz, fftSize / 2 + 1);
            double area = hasArea ? 2 / (edges[band + 2] - edges[band]) : 1;
            Arrays.setAll(all, bin -> all[bin] * area);
            keep(band, all);
        }
    }

    private static double[] edges(int bands, double least, double most, boolean isHtk) {
        double from = mel(least, isHtk);
        double step = (mel(most, isHtk) - from) / (bands + 1);
        double[] edges = new double[bands + 2];
        Arrays.setAll(edges, i -> hertz(from + i * step, isHtk));
        return edges;
    }

    private static double mel(double hertz, boolean isHtk) {
        if (isHtk) {
            return 2_595 * Math.log10(1 + hertz / 700);
        }
        return hertz < LOG_FROM_HZ
                ? hertz / LINEAR_HZ
                : LOG_FROM_MEL + Math.log(hertz / LOG_FROM_HZ) / LOG_STEP;
    }

    private static double hertz(double mel, boolean isHtk) {
        if (isHtk) {
            return 700 * (Math.pow(10, mel / 2_595) - 1);
        }
        return mel < LOG_FROM_MEL
                ? mel * LINEAR_HZ
                : LOG_FROM_HZ * Math.exp(LOG_STEP * (mel - LOG_FROM_MEL));
    }

    private static double[] triangle(double[] edges, int band, double binHz, int bins) {
        double[] weights = new double[bins];
        double rise = edges[band + 1] - edges[band];
        double fall = edges[band + 2] - edges[band + 1];
        for (int bin = 0; bin < bins; bin++) {
            double rising = (bin * binHz - edges[band]) / rise;
            double falling = (edges[band + 2] - bin * binHz) / fall;
            weights[bin] = Math.max(0, Math.min(rising, falling));
        }
        return weights;
    }

    /** Only what is not 0. */
    private void keep(int band, double[] all) {
        int from = 0;
        int to = all.length;
        while (from < to && all[from] == 0) {
            from++;
        }
        while (to > from && all[to - 1] == 0) {
            to--;
        }
        first[band] = from;
        weights[band] = Arrays.copyOfRange(all, from, to);
    }

    int count() {
        return weights.length;
    }

    double sum(int band, double[] spectrum) {
        double sum = 0;
        for (int i = 0; i < weights[band].length; i++) {
            sum += weights[band][i] * spectrum[first[band] + i];
        }
        return sum;
    }
}
