package dev.atrium.node.engine;

import dev.atrium.registry.api.usage.Media;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a task made of its input, row by row: either labels, best first, with their scores, or
 * values, or a text.
 *
 * @param outputs {@link #LABELS} and {@link #SCORES} of [rows, labels], or {@link #VALUES} of
 *     [rows, values], or {@link #TEXT} of [1, 1]
 * @param inputTokens of texts; 0 elsewhere
 * @param media what was computed of pictures and sound; null elsewhere
 */
public record Prediction(List<Tensor> outputs, long inputTokens, @Nullable Media media) {
    /** Of {@link Datatype#BYTES}. */
    public static final String LABELS = "labels";

    /** Of {@link Datatype#FP32}. */
    public static final String SCORES = "scores";

    /** Of {@link Datatype#FP32}. */
    public static final String VALUES = "values";

    /** Of {@link Datatype#BYTES}. */
    public static final String TEXT = "text";

    public Prediction {
        outputs = List.copyOf(outputs);
    }
}
