package dev.atrium.node.inference;

import dev.atrium.node.api.ChatDelta;
import dev.atrium.node.api.ChatRequest;
import dev.atrium.node.api.NodeProtocol;
import dev.atrium.node.worker.Call;
import dev.atrium.registry.api.usage.Operation;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A conversation in, a stream of text out. */
@RestController
class ChatController {
    private final Attempts attempts;
    private final Bodies bodies;
    private final int maxOutputTokens;

    ChatController(Attempts attempts, Bodies bodies, InferenceProperties properties) {
        this.attempts = attempts;
        this.bodies = bodies;
        this.maxOutputTokens = properties.maxOutputTokens();
    }

    @PostMapping(NodeProtocol.CHAT)
    Mono<Void> chat(
            @PathVariable UUID versionId, ServerHttpRequest request, ServerHttpResponse response) {
        return Mono.defer(() ->
                        attempts.admit(request.getHeaders(), versionId, Operation.CHAT)
                                .flatMap(attempt -> generate(attempt, request, response)))
                .onErrorResume(failure -> Responses.refuse(response, failure));
    }

    private Mono<Void> generate(
            Attempt attempt, ServerHttpRequest request, ServerHttpResponse response) {
        ChatStream stream = new ChatStream(attempt);
        Flux<ChatDelta> deltas =
                stream.deltas(() -> attempt.begin(() -> begin(attempt, request, stream)));
        // Until the first piece a failure still has a status of its own.
        return deltas.switchOnFirst(
                        (first, all) -> first.isOnError() ? all : Responses.events(response, all))
                .then();
    }

    private Call begin(Attempt attempt, ServerHttpRequest request, ChatStream stream) {
        ChatRequest asked = bodies.read(request, ChatRequest.class);
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
