package dev.atrium.node.engine.audio;

import dev.atrium.node.engine.Cancellation;
import dev.atrium.node.engine.NaturalInput;
import dev.atrium.node.engine.predict.DecodingTurn;
import dev.atrium.node.engine.predict.ModelInput;
import dev.atrium.node.engine.predict.Preparation;
import dev.atrium.registry.api.catalog.AudioSettings;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.usage.Media;
import org.jspecify.annotations.Nullable;

/** Makes one FP32 tensor of a recording. */
public final class AudioPreparation implements Preparation {
    private static final int DEFAULT_RATE = 16_000;

    private final int rate;
    private final int longestSeconds;
    private final InputForm form;

    public AudioPreparation(Signature signature, @Nullable AudioSettings given) {
        AudioSettings settings = given == null ? AudioSettings.DEFAULT : given;
        this.rate = Spectrum.orElse(settings.sampleRate(), DEFAULT_RATE);
        this.longestSeconds = settings.longestSeconds();
        ModelInput input = ModelInput.of(signature);
        this.form =
                switch (settings.features()) {
                    case "log-mel", "mfcc" -> new FeatureForm(input, settings, rate);
                    case null, default -> new WaveformForm(input, settings, rate);
                };
    }

    @Override
    public Prepared prepare(NaturalInput recording, Cancellation cancellation) {
        try (var _ = DecodingTurn.await(cancellation)) {
            Sound sound = SoundFile.decode(recording.content(), longestSeconds, cancellation);
            Sound resampled = Resampler.resample(sound, rate, cancellation);
            return new Prepared(
                    form.of(resampled.samples(), cancellation), 1, 0, new Media(0, sound.millis()));
        }
    }

    @Override
    public NaturalInput sample() {
        return Tone.of(rate);
    }
}
