package dev.atrium.node.inference;

import dev.atrium.node.api.MediaBounds;
import dev.atrium.node.api.NodeProtocol;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.worker.Answer;
import dev.atrium.node.worker.Call;
import dev.atrium.registry.api.node.PlacementOrder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Natural inputs in, labels or values out. The input passes through unread: workers read it. */
@RestController
class PredictController {
    private final Attempts attempts;
    private final Bodies bodies;

    PredictController(Attempts attempts, Bodies bodies) {
        this.attempts = attempts;
        this.bodies = bodies;
    }

    @PostMapping(path = NodeProtocol.PREDICT, consumes = MediaType.ALL_VALUE)
    Mono<Void> predict(
            @PathVariable UUID versionId,
            @RequestParam(required = false) @Nullable Integer top,
            ServerHttpRequest request,
            ServerHttpResponse response) {
        return Mono.defer(() ->
                        attempts.admitPrediction(request.getHeaders(), versionId)
                                .flatMap(attempt -> compute(attempt, top, request, response)))
                .onErrorResume(failure -> Responses.refuse(response, failure));
    }

    private Mono<Void> compute(
            Attempt attempt,
            @Nullable Integer top,
            ServerHttpRequest request,
            ServerHttpResponse response) {
        return Calls.answer(() -> attempt.begin(() -> begin(attempt, top, request)))
                .flatMap(answer -> write(attempt, answer, response));
    }

    private Call begin(Attempt attempt, @Nullable Integer top, ServerHttpRequest request) {
        PlacementOrder order = attempt.replica().order();
        return attempt.follow(
                attempt.model()
                        .predict(
                                attempt.terms(),
                                MediaBounds.of(order.task(), order.settings()),
                                request.getHeaders().getFirst(HttpHeaders.CONTENT_TYPE),
                                read(request),
                                top));
    }

    private ByteBuffer read(ServerHttpRequest request) {
        try (InputStream body = bodies.open(request)) {
            return ByteBuffer.wrap(body.readAllBytes());
        } catch (IOException e) {
            throw EngineException.invalidInput("the body breaks off");
        }
    }

    private static Mono<Void> write(Attempt attempt, Answer answer, ServerHttpResponse response) {
        PredictAnswer prediction =
                PredictAnswer.of(attempt.grant(), attempt.replica().order().task(), answer);
        Responses.usage(response, answer.usage());
        return Responses.stream(response, MediaType.APPLICATION_JSON, prediction::write);
    }
}
