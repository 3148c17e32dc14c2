package dev.atrium.node.engine.audio;

import dev.atrium.node.engine.Cancellation;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.Tensor;
import dev.atrium.node.engine.predict.ModelInput;
import dev.atrium.registry.api.catalog.AudioSettings;
import dev.atrium.registry.api.catalog.MelSettings;
import java.util.Arrays;
import java.util.List;

/**
 * Features of frames: [1, bands, frames] or [1, frames, bands], with a channel behind the first
 * dimension where the model says so. Where the model fixes the frames, recordings are cut or filled
 * up with silence until there are as many.
 */
final class FeatureForm implements InputForm {
    private static final int MOST_NUMBERS = 6_000_000;

    private final ModelInput input;
    private final MelFeatures features;
    private final boolean bandsFirst;
    private final boolean hasChannel;

    /** Negative where there are as many as the recording has. */
    private final int frames;

    /** Negative where each recording is as long as it is. */
    private final int length;

    private final Normalizing normalizing;

    FeatureForm(ModelInput input, AudioSettings settings, int rate) {
        MelSettings mel = settings.mel() == null ? MelSettings.DEFAULT : settings.mel();
        this.features = new MelFeatures(mel, rate, "mfcc".equals(settings.features()));
        this.bandsFirst = !"frames-bands".equals(settings.layout());
        this.hasChannel = input.shape().size() == 4;
        int fixed = input.dimension((hasChannel ? 2 : 1) + (bandsFirst ? 1 : 0), -1);
        Spectrum spectrum = features.spectrum();
        if (settings.seconds() == null) {
            this.length = fixed < 0 ? -1 : spectrum.samples(fixed);
        } else {
            int wanted = (int) Math.rint(settings.seconds() * rate);
            this.length = Math.max(wanted, spectrum.fewestSamples());
        }
        this.frames = fixed < 0 && length >= 0 ? spectrum.frames(length) : fixed;
        this.input = input.requireShape(shape(frames));
        requireEnough(spectrum);
        requireBounded(spectrum, (long) settings.longestSeconds() * rate);
        this.normalizing = new Normalizing(settings, features.width());
    }

    /** The last frame of a centred spectrum is half beyond the end, and many leave it out. */
    private void requireEnough(Spectrum spectrum) {
        int made = length < 0 ? frames : spectrum.frames(length);
        if (made < frames || made > frames + 1) {
            throw EngineException.failed(
                    "'settings.audio.seconds' make "
                            + made
                            + " frames, but the input takes "
                            + frames,
                    null);
        }
    }

    private void requireBounded(Spectrum spectrum, long longest) {
        long most = length < 0 ? spectrum.frames((int) longest) : frames;
        if (most * features.width() > MOST_NUMBERS) {
            throw EngineException.failed(
                    "the settings make "
                            + most * features.width()
                            + " numbers of the longest recording, more than "
                            + MOST_NUMBERS
                            + "; set a longer hop or a lower 'maxSeconds'",
                    null);
        }
    }

    private long[] shape(int count) {
        long rows = bandsFirst ? features.width() : count;
        long columns = bandsFirst ? count : features.width();
        return hasChannel ? new long[] {1, 1, rows, columns} : new long[] {1, rows, columns};
    }

    @Override
    public List<Tensor> of(float[] samples, Cancellation cancellation) {
        int wanted =
                length < 0 ? Math.max(samples.length, features.spectrum().fewestSamples()) : length;
        int count = frames < 0 ? features.spectrum().frames(wanted) : frames;
        float[] kept = samples.length == wanted ? samples : Arrays.copyOf(samples, wanted);
        float[][] computed = features.compute(kept, count, cancellation);
        normalizing.apply(computed);
        return input.tensor(flat(computed), shape(count));
    }

    private float[] flat(float[][] computed) {
        int width = features.width();
        float[] flat = new float[computed.length * width];
        for (int frame = 0; frame < computed.length; frame++) {
            for (int band = 0; band < width; band++) {
                int place = bandsFirst ? band * computed.length + frame : frame * width + band;
                flat[place] = computed[frame][band];
            }
        }
        return flat;
    }
}
