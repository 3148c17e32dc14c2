package dev.atrium.node.engine.llm;

import dev.atrium.node.api.ChatRequest;
import dev.atrium.node.engine.EngineException;
import java.util.Set;

/** What a request may ask for; llama.cpp itself checks little and aborts on some of the rest. */
final class ChatLimits {
    private static final Set<String> ROLES = Set.of("system", "user", "assistant");
    private static final int MAX_MESSAGES = 4096;
    private static final int MAX_STOPS = 4;
    private static final int MAX_STOP_LENGTH = 256;
    private static final float MAX_TEMPERATURE = 2;

    private ChatLimits() {}

    static void require(ChatRequest request) {
        require(
                !request.messages().isEmpty() && request.messages().size() <= MAX_MESSAGES,
                "messages must be 1 to " + MAX_MESSAGES);
        for (ChatRequest.Message message : request.messages()) {
            require(
                    ROLES.contains(message.role()),
                    "role '" + message.role() + "' is unknown; use system, user or assistant");
            require(message.content() != null, "a message has no content");
        }
        Integer maxTokens = request.maxTokens();
        require(maxTokens == null || maxTokens >= 1, "max_tokens must be at least 1");
        requireSampling(request.temperature(), request.topP());
        require(request.stop().size() <= MAX_STOPS, "at most " + MAX_STOPS + " stop texts");
        for (String stop : request.stop()) {
            require(
                    !stop.isEmpty() && stop.length() <= MAX_STOP_LENGTH,
                    "a stop text must have 1 to " + MAX_STOP_LENGTH + " characters");
        }
    }

    private static void requireSampling(
            @org.jspecify.annotations.Nullable Float temperature,
            @org.jspecify.annotations.Nullable Float topP) {
        require(
                temperature == null || (temperature >= 0 && temperature <= MAX_TEMPERATURE),
                "temperature must be between 0 and 2");
        require(topP == null || (topP > 0 && topP <= 1), "top_p must be above 0 and at most 1");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw EngineException.invalidInput(otherwise);
        }
    }
}
