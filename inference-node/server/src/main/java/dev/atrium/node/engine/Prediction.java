package dev.atrium.node.engine;

import java.util.List;

/**
 * What a task made of its input, row by row: either labels, best first, with their scores, or
 * values.
 *
 * @param outputs {@link #LABELS} and {@link #SCORES} of [rows, labels], or {@link #VALUES} of
 *     [rows, values]
 * @param inputTokens of texts; 0 elsewhere
 */
public record Prediction(List<Tensor> outputs, long inputTokens) {
    /** Of {@link Datatype#BYTES}. */
    public static final String LABELS = "labels";

    /** Of {@link Datatype#FP32}. */
    public static final String SCORES = "scores";

    /** Of {@link Datatype#FP32}. */
    public static final String VALUES = "values";

    public Prediction {
        outputs = List.copyOf(outputs);
    }
}
