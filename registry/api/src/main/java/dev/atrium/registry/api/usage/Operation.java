package dev.atrium.registry.api.usage;

/** What was called. */
public enum Operation {
    EMBEDDINGS,
    CHAT,
    INFER,
    PREDICT
}
