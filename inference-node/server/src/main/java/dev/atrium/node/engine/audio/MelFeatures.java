package dev.atrium.node.engine.audio;

import dev.atrium.node.engine.Cancellation;
import dev.atrium.registry.api.catalog.MelSettings;
import org.jspecify.annotations.Nullable;

/**
 * Log-mel bands of a recording, or their cosine transform (MFCC: an orthonormal DCT-II over the
 * bands of each frame, of which the first coefficients are kept).
 *
 * @see "Davis and Mermelstein, Comparison of Parametric Representations, 1980; as in librosa
 *     (feature.melspectrogram, power_to_db, feature.mfcc) and torchaudio (MelSpectrogram,
 *     AmplitudeToDB, MFCC)"
 */
final class MelFeatures {
    private static final int DEFAULT_BANDS = 80;
    private static final int DEFAULT_COEFFICIENTS = 13;
    private static final double DEFAULT_FLOOR = 1e-10;
    private static final double DEFAULT_TOP_DB = 80;
    private static final int BLOCK = 256;

    private enum Log {
        /** How many of its units are a decibel. */
        DB(1),
        NATURAL(Math.log(10) / 10),
        LOG10(0.1),
        NONE(0);

        private final double decibel;

        Log(double decibel) {
            this.decibel = decibel;
        }
    }

    private final Spectrum spectrum;
    private final MelBands bands;
    private final Log log;
    private final double floor;
    private final boolean addsFloor;
    private final @Nullable Double topDb;
    private final double[][] cosines;

    MelFeatures(MelSettings mel, int rate, boolean isMfcc) {
        this.spectrum = new Spectrum(mel, rate);
        int count = Spectrum.orElse(mel.bands(), DEFAULT_BANDS);
        this.bands = new MelBands(mel, count, rate, spectrum.fftSize());
        this.log =
                switch (mel.log()) {
                    case "natural" -> Log.NATURAL;
                    case "log10" -> Log.LOG10;
                    case "none" -> Log.NONE;
                    case null, default -> Log.DB;
                };
        this.floor = mel.floor() == null ? DEFAULT_FLOOR : mel.floor();
        this.addsFloor = "add".equals(mel.floorRule());
        this.topDb =
                mel.topDb() == null && log == Log.DB ? Double.valueOf(DEFAULT_TOP_DB) : mel.topDb();
        this.cosines =
                isMfcc
                        ? cosines(Spectrum.orElse(mel.coefficients(), DEFAULT_COEFFICIENTS), count)
                        : new double[0][];
    }

    private static double[][] cosines(int coefficients, int bands) {
        double[][] cosines = new double[coefficients][bands];
        for (int k = 0; k < coefficients; k++) {
            double scale = Math.sqrt((k == 0 ? 1.0 : 2.0) / bands);
            for (int band = 0; band < bands; band++) {
                cosines[k][band] = scale * Math.cos(Math.PI * k * (2 * band + 1) / (2.0 * bands));
            }
        }
        return cosines;
    }

    Spectrum spectrum() {
        return spectrum;
    }

    /** Numbers of each frame. */
    int width() {
        return cosines.length == 0 ? bands.count() : cosines.length;
    }

    /**
     * @return frame by frame
     */
    float[][] compute(float[] samples, int frames, Cancellation cancellation) {
        float[][] features = new float[frames][bands.count()];
        Spectrum.Reader reader = spectrum.new Reader(samples);
        double loudest = Double.NEGATIVE_INFINITY;
        for (int frame = 0; frame < frames; frame++) {
            if (frame % BLOCK == 0) {
                cancellation.throwIfCancelled();
            }
            double[] powers = reader.read(frame);
            for (int band = 0; band < bands.count(); band++) {
                double level = level(bands.sum(band, powers));
                features[frame][band] = (float) level;
                loudest = Math.max(loudest, level);
            }
        }
        if (topDb != null && log != Log.NONE) {
            raise(features, (float) (loudest - topDb * log.decibel));
        }
        if (cosines.length > 0) {
            for (int frame = 0; frame < frames; frame++) {
                features[frame] = transformed(features[frame]);
            }
        }
        return features;
    }

    private double level(double power) {
        double audible = addsFloor ? power + floor : Math.max(power, floor);
        return switch (log) {
            case DB -> 10 * Math.log10(audible);
            case NATURAL -> Math.log(audible);
            case LOG10 -> Math.log10(audible);
            case NONE -> power;
        };
    }

    private static void raise(float[][] features, float least) {
        for (float[] frame : features) {
            for (int band = 0; band < frame.length; band++) {
                frame[band] = Math.max(frame[band], least);
            }
        }
    }

    private float[] transformed(float[] frame) {
        float[] result = new float[cosines.length];
        for (int k = 0; k < cosines.length; k++) {
            double sum = 0;
            for (int band = 0; band < frame.length; band++) {
                sum += cosines[k][band] * frame[band];
            }
            result[k] = (float) sum;
        }
        return result;
    }
}
