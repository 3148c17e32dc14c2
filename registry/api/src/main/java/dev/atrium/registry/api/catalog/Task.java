package dev.atrium.registry.api.catalog;

/** What a model does; decides which endpoints answer for it. */
public enum Task {
    /** {@code /v1/embeddings}: text in, one vector out. */
    TEXT_EMBEDDING,
    /** {@code /v1/chat/completions}. */
    TEXT_GENERATION,
    /** Tensors in and out by the Open Inference Protocol only. */
    TENSORS,
    /** {@code /v1/predict}: a text in, labels with scores out. */
    TEXT_CLASSIFICATION,
    /** {@code /v1/predict}: a picture in, labels with scores out. */
    IMAGE_CLASSIFICATION,
    /** {@code /v1/predict}: rows of a table in, labels with scores or values out. */
    TABULAR,
    /** {@code /v1/predict}: a recording in, labels with scores out. */
    AUDIO_CLASSIFICATION,
    /** {@code /v1/audio/transcriptions} and {@code /v1/predict}: speech in, its text out. */
    AUTOMATIC_SPEECH_RECOGNITION;

    /** Whether {@code /v1/predict} answers for it. */
    public boolean predicts() {
        return switch (this) {
            case TEXT_CLASSIFICATION,
                    IMAGE_CLASSIFICATION,
                    TABULAR,
                    AUDIO_CLASSIFICATION,
                    AUTOMATIC_SPEECH_RECOGNITION ->
                    true;
            case TEXT_EMBEDDING, TEXT_GENERATION, TENSORS -> false;
        };
    }

    /** Whether its input is a recording. */
    public boolean hears() {
        return this == AUDIO_CLASSIFICATION || this == AUTOMATIC_SPEECH_RECOGNITION;
    }
}
