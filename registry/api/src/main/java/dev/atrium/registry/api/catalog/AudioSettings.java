package dev.atrium.registry.api.catalog;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a recording becomes the model's input; every member may be null for its default.
 *
 * @param sampleRate that the model was trained with, in Hz; recordings of another are resampled;
 *     default 16,000
 * @param maxSeconds longer recordings are refused; default {@value #DEFAULT_MAX_SECONDS}
 * @param seconds recordings are cut to this length, or filled up with silence; default as the
 *     model's signature says, else each as long as it is
 * @param features {@code waveform} (default), {@code log-mel} or {@code mfcc}
 * @param mel how the latter two are computed
 * @param normalize {@code none} (default), {@code recording} (mean 0 and variance 1 over all of it)
 *     or {@code band} (the same for each band or coefficient)
 * @param mean what is taken away after that; one number, or one for each band or coefficient;
 *     default 0
 * @param std what is divided by after that, likewise; default 1
 * @param layout of features: {@code bands-frames} (default) or {@code frames-bands}
 */
public record AudioSettings(
        @Nullable Integer sampleRate,
        @Nullable Integer maxSeconds,
        @Nullable Double seconds,
        @Nullable String features,
        @Nullable MelSettings mel,
        @Nullable String normalize,
        @Nullable List<Double> mean,
        @Nullable List<Double> std,
        @Nullable String layout) {
    public static final int DEFAULT_MAX_SECONDS = 60;

    public static final AudioSettings DEFAULT =
            new AudioSettings(null, null, null, null, null, null, null, null, null);

    /** Longer recordings are refused. */
    public int longestSeconds() {
        return maxSeconds == null ? DEFAULT_MAX_SECONDS : maxSeconds;
    }

    /**
     * @param settings null where a version has none
     */
    public static int longestSeconds(@Nullable AudioSettings settings) {
        return settings == null ? DEFAULT_MAX_SECONDS : settings.longestSeconds();
    }

    /** What a gateway needs of them. */
    AudioSettings withoutFeatures() {
        return new AudioSettings(null, maxSeconds, null, null, null, null, null, null, null);
    }
}
