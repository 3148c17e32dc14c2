package dev.atrium.node.engine.audio;

import dev.atrium.node.engine.Cancellation;
import dev.atrium.node.engine.Tensor;
import java.util.List;

/** Makes the model's input of samples at the model's rate. */
sealed interface InputForm permits WaveformForm, FeatureForm {

    /**
     * @param samples at least one; not changed
     */
    List<Tensor> of(float[] samples, Cancellation cancellation);
}
