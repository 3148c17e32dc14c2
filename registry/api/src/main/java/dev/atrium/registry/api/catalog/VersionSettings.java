package dev.atrium.registry.api.catalog;

import org.jspecify.annotations.Nullable;

/**
 * How a version is run; every member may be null for the task's default.
 *
 * @param pooling {@code mean} (default) or {@code cls}, for embeddings
 * @param normalize whether embeddings have length 1; default true
 * @param maxInputTokens longer inputs are truncated (embeddings) or refused (generation)
 * @param contextLength tokens that prompt and answer share (generation)
 * @param warmUpBatch batch size of the warm-up call where dimensions vary; default 1
 */
public record VersionSettings(
        @Nullable String pooling,
        @Nullable Boolean normalize,
        @Nullable Integer maxInputTokens,
        @Nullable Integer contextLength,
        @Nullable Integer warmUpBatch) {
    public static final VersionSettings DEFAULT = new VersionSettings(null, null, null, null, null);
}
