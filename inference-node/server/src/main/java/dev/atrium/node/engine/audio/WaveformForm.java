package dev.atrium.node.engine.audio;

import dev.atrium.node.engine.Cancellation;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.Tensor;
import dev.atrium.node.engine.predict.ModelInput;
import dev.atrium.registry.api.catalog.AudioSettings;
import java.util.Arrays;
import java.util.List;

/** Samples as they are: [1, samples], or [1, 1, samples] where the model says so. */
final class WaveformForm implements InputForm {
    private static final int MOST_SAMPLES = 12_000_000;

    private final ModelInput input;
    private final boolean hasChannel;

    /** Negative where each recording is as long as it is. */
    private final int length;

    private final Normalizing normalizing;

    WaveformForm(ModelInput input, AudioSettings settings, int rate) {
        this.hasChannel = input.shape().size() == 3;
        int fixed = input.dimension(hasChannel ? 2 : 1, -1);
        this.length =
                settings.seconds() == null ? fixed : (int) Math.rint(settings.seconds() * rate);
        this.input = input.requireShape(shape(length));
        if (length > MOST_SAMPLES) {
            throw EngineException.failed(
                    "the input takes " + length + " samples, more than " + MOST_SAMPLES, null);
        }
        this.normalizing = new Normalizing(settings, 1);
    }

    private long[] shape(int samples) {
        return hasChannel ? new long[] {1, 1, samples} : new long[] {1, samples};
    }

    /** Silence that is filled in stays silence. */
    @Override
    public List<Tensor> of(float[] samples, Cancellation cancellation) {
        int wanted = length < 0 ? samples.length : length;
        float[] kept = Arrays.copyOf(samples, Math.min(samples.length, wanted));
        normalizing.apply(kept);
        return input.tensor(Arrays.copyOf(kept, wanted), shape(wanted));
    }
}
