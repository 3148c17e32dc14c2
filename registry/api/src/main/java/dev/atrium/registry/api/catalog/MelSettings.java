package dev.atrium.registry.api.catalog;

import org.jspecify.annotations.Nullable;

/**
 * How a recording becomes a mel spectrogram; every member may be null for its default. Lengths are
 * samples at the model's rate.
 *
 * @param preEmphasis {@code x[t] - a x[t-1]} first; default 0, none
 * @param window {@code hann} (default), {@code hamming}, both periodic, or {@code rectangular}
 * @param windowLength default that of the FFT, else 25 ms
 * @param hopLength from one frame to the next; default 10 ms
 * @param fftSize at least the window, which stands in its middle; default the window's length
 * @param edges {@code reflect} (default) or {@code zeros}: frames are centred and the recording is
 *     continued so at both ends; {@code none}: frames lie within the recording
 * @param power of the magnitudes: 2 (default) or 1
 * @param bands of the mel scale; default 80
 * @param scale {@code slaney} (default) or {@code htk}
 * @param norm {@code slaney} (each band has the area 1) or {@code none}; default slaney for the
 *     scale of that name, none for the other
 * @param minFrequency default 0
 * @param maxFrequency default half the sample rate
 * @param log {@code db} (default, 10 log10), {@code natural}, {@code log10} or {@code none}
 * @param floor under which power does not count; default 1e-10
 * @param floorRule {@code max} (default): the larger of power and floor; {@code add}: their sum
 * @param topDb what is so many decibels below the loudest is raised to that; default 80 for {@code
 *     db}, else none
 * @param coefficients of {@code mfcc}: the first of an orthonormal DCT-II; default 13
 */
public record MelSettings(
        @Nullable Double preEmphasis,
        @Nullable String window,
        @Nullable Integer windowLength,
        @Nullable Integer hopLength,
        @Nullable Integer fftSize,
        @Nullable String edges,
        @Nullable Integer power,
        @Nullable Integer bands,
        @Nullable String scale,
        @Nullable String norm,
        @Nullable Double minFrequency,
        @Nullable Double maxFrequency,
        @Nullable String log,
        @Nullable Double floor,
        @Nullable String floorRule,
        @Nullable Double topDb,
        @Nullable Integer coefficients) {
    public static final MelSettings DEFAULT =
            new MelSettings(
                    null, null, null, null, null, null, null, null, null, null, null, null, null,
                    null, null, null, null);
}
