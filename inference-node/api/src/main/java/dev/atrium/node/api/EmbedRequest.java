package dev.atrium.node.api;

import java.util.List;

/** Texts to embed, in order; at most 2,048. */
public record EmbedRequest(List<String> inputs) {
    public EmbedRequest {
        inputs = List.copyOf(inputs);
    }
}
