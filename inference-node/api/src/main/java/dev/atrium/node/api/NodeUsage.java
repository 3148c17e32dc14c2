package dev.atrium.node.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.atrium.registry.api.usage.Energy;
import dev.atrium.registry.api.usage.Media;
import org.jspecify.annotations.Nullable;

/**
 * What one attempt used.
 *
 * @param computeMicros time the engine spent on it
 * @param energy null where the node does not know, and until the attempt has ended
 * @param cachedInputTokens those of the input tokens that the engine had computed before; null
 *     where it does not say
 * @param media pictures and sound that were computed; null where there were none
 */
public record NodeUsage(
        long inputTokens,
        long outputTokens,
        long computeMicros,
        // Every event of a stream carries this.
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Energy energy,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long cachedInputTokens,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Media media) {
    public static final NodeUsage NONE = new NodeUsage(0, 0, 0);

    /** Of which nothing else is known. */
    public NodeUsage(long inputTokens, long outputTokens, long computeMicros) {
        this(inputTokens, outputTokens, computeMicros, null, null, null);
    }

    /** The same figures with this energy, whatever was said of it before. */
    public NodeUsage with(@Nullable Energy known) {
        return new NodeUsage(
                inputTokens, outputTokens, computeMicros, known, cachedInputTokens, media);
    }

    /** The same figures with so many input tokens from a cache. */
    public NodeUsage withCached(@Nullable Long known) {
        return new NodeUsage(inputTokens, outputTokens, computeMicros, energy, known, media);
    }

    /** The same figures of these pictures and this sound. */
    public NodeUsage of(@Nullable Media known) {
        return new NodeUsage(
                inputTokens, outputTokens, computeMicros, energy, cachedInputTokens, known);
    }
}
