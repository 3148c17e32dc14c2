package dev.atrium.gateway.upstream;

import dev.atrium.registry.api.usage.Media;

/**
 * How much a request can take at most, known without its tokenizer.
 *
 * @param input no tokenizer makes more tokens than the texts have bytes
 * @param output what was asked for, or the model's context; 0 when nothing is generated
 * @param total of both; they share the context
 * @param media pictures and sound that the input can hold
 */
public record TokenBounds(long input, long output, long total, Media media) {
    public static final TokenBounds NONE = new TokenBounds(0, 0, 0);

    /** Of texts alone. */
    public TokenBounds(long input, long output, long total) {
        this(input, output, total, Media.NONE);
    }

    public static TokenBounds ofInput(long tokens) {
        return new TokenBounds(tokens, 0, tokens);
    }

    public static TokenBounds ofMedia(Media media) {
        return new TokenBounds(0, 0, 0, media);
    }

    /**
     * @param bytes of the texts, with what the template adds
     * @param asked most tokens to generate; at most the context all the same
     */
    public static TokenBounds ofGeneration(long bytes, long asked, long context) {
        // A prompt that leaves no room for a single token is refused by the node.
        long input = Math.min(bytes, Math.max(0, context - 1));
        long output = Math.min(asked, context);
        return new TokenBounds(input, output, Math.min(input + output, context));
    }

    /** The same with no more output and no more in all than this. */
    public TokenBounds within(long fewerOutput, long fewerInAll) {
        return new TokenBounds(input, fewerOutput, fewerInAll, media);
    }

    public boolean generates() {
        return output > 0;
    }
}
