package dev.atrium.gateway.upstream;

import org.jspecify.annotations.Nullable;

/**
 * What goes to the node, the same for every attempt.
 *
 * @param path a template of {@code NodeProtocol}
 * @param body JSON
 * @param maxOutputTokens bound for generation, part of the grant, which the node obeys whatever the
 *     body says; null where it does not apply
 * @param tokens what it can take at most
 */
public record NodeRequest(
        String path, byte[] body, @Nullable Integer maxOutputTokens, TokenBounds tokens) {
    public NodeRequest withMaxOutputTokens(int fewer) {
        return new NodeRequest(path, body, fewer, tokens);
    }
}
