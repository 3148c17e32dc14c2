package dev.atrium.gateway.upstream;

import org.jspecify.annotations.Nullable;

/**
 * What goes to the node, the same for every attempt.
 *
 * @param path a template of {@code NodeProtocol}
 * @param body of the content type
 * @param maxOutputTokens bound for generation, part of the grant, which the node obeys whatever the
 *     body says; null where it does not apply
 * @param tokens what it can take at most
 * @param contentType in printable ASCII; empty for none
 */
public record NodeRequest(
        String path,
        byte[] body,
        @Nullable Integer maxOutputTokens,
        TokenBounds tokens,
        String contentType) {
    /** Of JSON. */
    public NodeRequest(
            String path, byte[] body, @Nullable Integer maxOutputTokens, TokenBounds tokens) {
        this(path, body, maxOutputTokens, tokens, "application/json");
    }

    public NodeRequest withMaxOutputTokens(int fewer) {
        return new NodeRequest(path, body, fewer, tokens, contentType);
    }
}
