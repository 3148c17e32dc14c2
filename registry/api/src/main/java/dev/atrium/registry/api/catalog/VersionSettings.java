package dev.atrium.registry.api.catalog;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a version is run; every member may be null for the task's default.
 *
 * @param pooling {@code mean} (default) or {@code cls}, for embeddings
 * @param normalize whether embeddings have length 1; default true
 * @param maxInputTokens longer inputs are truncated (embeddings, classification) or refused
 *     (generation)
 * @param contextLength tokens that prompt and answer share (generation)
 * @param warmUpBatch batch size of the warm-up call where dimensions vary; default 1
 * @param labels names of the classes in the order of the model's output; without them a class is
 *     named by its index, and {@link Task#TABULAR} answers values
 * @param activation {@code softmax} (default), {@code sigmoid} or {@code none}: what makes scores
 *     of the model's output
 * @param topK labels in an answer that does not ask for another number; default 5
 * @param output the output that is read; default the first one that fits
 * @param image how a picture becomes the model's input
 * @param columns how a row becomes the model's input, in its order
 * @param audio how a recording becomes the model's input
 * @param ctc how the output of a speech recogniser becomes a text
 */
public record VersionSettings(
        @Nullable String pooling,
        @Nullable Boolean normalize,
        @Nullable Integer maxInputTokens,
        @Nullable Integer contextLength,
        @Nullable Integer warmUpBatch,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<String> labels,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String activation,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer topK,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String output,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ImageSettings image,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<ColumnSettings> columns,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable AudioSettings audio,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable CtcSettings ctc) {
    public static final VersionSettings DEFAULT = new VersionSettings(null, null, null, null, null);

    /** Of tasks that predict nothing. */
    public VersionSettings(
            @Nullable String pooling,
            @Nullable Boolean normalize,
            @Nullable Integer maxInputTokens,
            @Nullable Integer contextLength,
            @Nullable Integer warmUpBatch) {
        this(
                pooling,
                normalize,
                maxInputTokens,
                contextLength,
                warmUpBatch,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    /** What a gateway needs of them: not the labels of a thousand classes. */
    public VersionSettings withoutPrediction() {
        return new VersionSettings(
                pooling,
                normalize,
                maxInputTokens,
                contextLength,
                warmUpBatch,
                null,
                null,
                null,
                null,
                null,
                null,
                audio == null ? null : audio.withoutFeatures(),
                null);
    }

    /** The same, with this context. */
    public VersionSettings withContextLength(@Nullable Integer tokens) {
        return new VersionSettings(
                pooling,
                normalize,
                maxInputTokens,
                tokens,
                warmUpBatch,
                labels,
                activation,
                topK,
                output,
                image,
                columns,
                audio,
                ctc);
    }
}
