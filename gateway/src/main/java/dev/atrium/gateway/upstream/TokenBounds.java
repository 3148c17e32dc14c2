package dev.atrium.gateway.upstream;

/**
 * How many tokens a request can take at most, known without its tokenizer.
 *
 * @param input no tokenizer makes more tokens than the texts have bytes
 * @param output what was asked for, or the model's context; 0 when nothing is generated
 * @param total of both; they share the context
 */
public record TokenBounds(long input, long output, long total) {
    public static final TokenBounds NONE = new TokenBounds(0, 0, 0);

    public static TokenBounds ofInput(long tokens) {
        return new TokenBounds(tokens, 0, tokens);
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

    public boolean generates() {
        return output > 0;
    }
}
