package dev.atrium.registry.api.catalog;

/** What a model does; decides which endpoints answer for it. */
public enum Task {
    /** {@code /v1/embeddings}: text in, one vector out. */
    TEXT_EMBEDDING,
    /** {@code /v1/chat/completions}. */
    TEXT_GENERATION,
    /** Tensors in and out by the Open Inference Protocol only. */
    TENSORS
}
