package dev.atrium.node.inference;

import dev.atrium.node.api.ChatDelta;
import dev.atrium.node.api.ChatRequest;
import dev.atrium.node.worker.Call;
import dev.atrium.registry.api.usage.Operation;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A conversation in, a stream of text out. */
@Component
class ChatCalls implements CallHandler {
    private final Attempts attempts;
    private final Bodies bodies;
    private final int maxOutputTokens;

    ChatCalls(Attempts attempts, Bodies bodies, InferenceProperties properties) {
        this.attempts = attempts;
        this.bodies = bodies;
        this.maxOutputTokens = properties.maxOutputTokens();
    }

    @Override
    public Mono<Void> answer(NodeExchange exchange) {
        return attempts.admit(exchange, Operation.CHAT)
                .flatMap(attempt -> compute(attempt, exchange));
    }

    private Mono<Void> compute(Attempt attempt, NodeExchange exchange) {
        ChatStream stream = new ChatStream(attempt);
        Flux<ChatDelta> deltas =
                stream.deltas(
                        bodies.of(exchange),
                        body -> attempt.begin(() -> begin(attempt, body, stream)));
        // Until the first piece a failure still has a status of its own.
        return deltas.switchOnFirst((first, all) ->
                        first.isOnError() ? all : Responses.events(exchange.response(), all))
                .then();
    }

    private Call begin(Attempt attempt, InputStream body, ChatStream stream) {
        ChatRequest asked = Bodies.read(body, ChatRequest.class);
        ChatRequest bounded = bounded(asked, attempt.grant().maxOutputTokens());
        return attempt.follow(
                attempt.model().chat(attempt.terms(), bounded, maxPieces(bounded), stream::piece));
    }

    /** The grant's bound is what was paid for. */
    private static ChatRequest bounded(ChatRequest asked, @Nullable Integer granted) {
        Integer wanted = asked.maxTokens();
        if (granted == null || (wanted != null && wanted <= granted)) {
            return asked;
        }
        return new ChatRequest(
                asked.messages(),
                granted,
                asked.temperature(),
                asked.topP(),
                asked.seed(),
                asked.stop());
    }

    /** One piece for each token, what stop texts held back, and the last word. */
    private int maxPieces(ChatRequest bounded) {
        Integer limit = bounded.maxTokens();
        return (limit == null ? maxOutputTokens : Math.min(limit, maxOutputTokens)) + 2;
    }
}
