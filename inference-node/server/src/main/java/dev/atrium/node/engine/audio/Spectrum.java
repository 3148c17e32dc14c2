package dev.atrium.node.engine.audio;

import dev.atrium.node.engine.EngineException;
import dev.atrium.registry.api.catalog.MelSettings;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Powers of the frequencies in short frames of a recording. The window stands in the middle of a
 * frame where that is longer; frames are centred on multiples of the hop, or lie within the
 * recording. So do {@code torch.stft} and {@code librosa.stft}.
 */
final class Spectrum {
    private enum Edges {
        REFLECT,
        ZEROS,
        NONE
    }

    private final int fftSize;
    private final int hop;
    private final double[] window;
    private final int windowFrom;
    private final Edges edges;
    private final double preEmphasis;
    private final boolean isSquared;
    private final Fourier fourier;

    Spectrum(MelSettings mel, int rate) {
        int length = orElse(mel.windowLength(), orElse(mel.fftSize(), rate / 40));
        this.hop = orElse(mel.hopLength(), rate / 100);
        this.fftSize = orElse(mel.fftSize(), length);
        if (fftSize < length) {
            throw EngineException.failed(
                    "'settings.audio.mel.fftSize' is less than the window's " + length + " samples",
                    null);
        }
        this.window = window(mel.window(), length);
        this.windowFrom = (fftSize - length) / 2;
        this.edges =
                switch (mel.edges()) {
                    case "zeros" -> Edges.ZEROS;
                    case "none" -> Edges.NONE;
                    case null, default -> Edges.REFLECT;
                };
        this.preEmphasis = mel.preEmphasis() == null ? 0 : mel.preEmphasis();
        this.isSquared = orElse(mel.power(), 2) == 2;
        this.fourier = new Fourier(fftSize);
    }

    static int orElse(@Nullable Integer set, int otherwise) {
        return set == null ? otherwise : set;
    }

    private static double[] window(@Nullable String kind, int length) {
        // Hann and Hamming differ in what they leave at the ends.
        double least =
                switch (kind) {
                    case "hamming" -> 0.54;
                    case "rectangular" -> 1;
                    case null, default -> 0.5;
                };
        double[] window = new double[length];
        for (int i = 0; i < length; i++) {
            window[i] = least - (1 - least) * Math.cos(2 * Math.PI * i / length);
        }
        return window;
    }

    int fftSize() {
        return fftSize;
    }

    int frames(int samples) {
        return 1 + (samples + continued() - fftSize) / hop;
    }

    /** Samples that are made up at both ends together. */
    private int continued() {
        return edges == Edges.NONE ? 0 : 2 * (fftSize / 2);
    }

    /** The fewest samples of which there are so many frames. */
    int samples(int frames) {
        return Math.max((frames - 1) * hop + fftSize - continued(), fewestSamples());
    }

    /** Of which frames can be made; reflecting takes what lies beside the edge. */
    int fewestSamples() {
        return edges == Edges.NONE ? fftSize : fftSize / 2 + 1;
    }

    /** A frame after the other, in buffers of its own: for one thread. */
    final class Reader {
        private final float[] samples;
        private final double[] real = fourier.room();
        private final double[] imaginary = fourier.room();
        private final double[] powers = new double[fftSize / 2 + 1];

        Reader(float[] samples) {
            this.samples = samples;
        }

        /** The powers of one frame, valid until the next. */
        double[] read(int frame) {
            Arrays.fill(real, 0);
            Arrays.fill(imaginary, 0);
            int begin = frame * hop - (edges == Edges.NONE ? 0 : fftSize / 2);
            for (int i = 0; i < window.length; i++) {
                int place = windowFrom + i;
                real[place] = window[i] * sample(begin + place);
            }
            fourier.transform(real, imaginary);
            for (int bin = 0; bin < powers.length; bin++) {
                double power = real[bin] * real[bin] + imaginary[bin] * imaginary[bin];
                powers[bin] = isSquared ? power : Math.sqrt(power);
            }
            return powers;
        }

        private double sample(int at) {
            int place = at;
            if (place < 0 || place >= samples.length) {
                if (edges != Edges.REFLECT) {
                    return 0;
                }
                place = place < 0 ? -place : 2 * (samples.length - 1) - place;
            }
            return place == 0 ? samples[0] : samples[place] - preEmphasis * samples[place - 1];
        }
    }
}
