package dev.atrium.registry.api.usage;

import dev.atrium.registry.api.catalog.Task;

/** What was called. */
public enum Operation {
    EMBEDDINGS,
    CHAT,
    INFER,
    /** A prediction by a model whose task has no operation of its own below. */
    PREDICT,
    /** A prediction of a picture. */
    IMAGE_CLASSIFICATION,
    /** A prediction of what is said in a recording, whichever path it came by. */
    TRANSCRIPTION;

    /**
     * What a prediction by a model of this task is in the books.
     *
     * @see "docs/adr/0028-operations-of-predictions.md"
     */
    public static Operation ofPrediction(Task task) {
        return switch (task) {
            case IMAGE_CLASSIFICATION -> IMAGE_CLASSIFICATION;
            case AUTOMATIC_SPEECH_RECOGNITION -> TRANSCRIPTION;
            case TEXT_CLASSIFICATION,
                    TABULAR,
                    AUDIO_CLASSIFICATION,
                    TEXT_EMBEDDING,
                    TEXT_GENERATION,
                    TENSORS ->
                    PREDICT;
        };
    }

    /** Whether a node computes it as a prediction. */
    public boolean isPrediction() {
        return switch (this) {
            case PREDICT, IMAGE_CLASSIFICATION, TRANSCRIPTION -> true;
            case EMBEDDINGS, CHAT, INFER -> false;
        };
    }
}
