package dev.atrium.node.engine.predict;

import dev.atrium.node.engine.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes an answer of a model's output. */
interface Reading {

    /**
     * @param output valid only until this returns
     * @param computed rows of the model's input
     * @param rows those of them that were asked about; what follows is padding
     * @param wanted labels of each; null for the owner's number
     * @return the outputs of a {@link dev.atrium.node.engine.Prediction}
     */
    List<Tensor> of(Tensor output, int computed, int rows, @Nullable Integer wanted);
}
