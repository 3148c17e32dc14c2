package dev.atrium.node.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One generation.
 *
 * @param maxTokens null generates until the model stops or the context is full
 * @param temperature 0 is greedy; null takes the model's default
 * @param stop at most 4 texts that end the answer and are not part of it
 */
public record ChatRequest(
        List<Message> messages,
        @Nullable Integer maxTokens,
        @Nullable Float temperature,
        @Nullable Float topP,
        @Nullable Integer seed,
        List<String> stop) {
    public ChatRequest {
        messages = List.copyOf(messages);
        stop = List.copyOf(stop);
    }

    /**
     * @param role {@code system}, {@code user} or {@code assistant}
     */
    public record Message(String role, String content) {}
}
