package dev.atrium.node.inference;

import dev.atrium.node.api.MediaBounds;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.worker.Answer;
import dev.atrium.node.worker.Call;
import dev.atrium.registry.api.node.PlacementOrder;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

/** Natural inputs in, labels or values out. The input passes through unread: workers read it. */
@Component
class PredictCalls implements CallHandler {
    private final Attempts attempts;
    private final Bodies bodies;

    PredictCalls(Attempts attempts, Bodies bodies) {
        this.attempts = attempts;
        this.bodies = bodies;
    }

    @Override
    public Mono<Void> answer(NodeExchange exchange) {
        return attempts.admitPrediction(exchange).flatMap(attempt -> compute(attempt, exchange));
    }

    private Mono<Void> compute(Attempt attempt, NodeExchange exchange) {
        return Calls.answer(
                        bodies.of(exchange),
                        body -> attempt.begin(() -> begin(attempt, exchange, body)))
                .flatMap(answer -> write(attempt, answer, exchange.response()));
    }

    private static Call begin(Attempt attempt, NodeExchange exchange, InputStream body) {
        PlacementOrder order = attempt.replica().order();
        return attempt.follow(
                attempt.model()
                        .predict(
                                attempt.terms(),
                                MediaBounds.of(order.task(), order.settings()),
                                exchange.header(HttpHeaderNames.CONTENT_TYPE),
                                Bodies.readAll(body),
                                top(exchange)));
    }

    private static @Nullable Integer top(NodeExchange exchange) {
        String top = exchange.parameter("top");
        try {
            return top == null ? null : Integer.valueOf(top);
        } catch (NumberFormatException e) {
            throw EngineException.invalidInput("'top' must be a number");
        }
    }

    private static Mono<Void> write(Attempt attempt, Answer answer, HttpServerResponse response) {
        PredictAnswer prediction =
                PredictAnswer.of(attempt.grant(), attempt.replica().order().task(), answer);
        Responses.usage(response, answer.usage());
        return Responses.stream(response, Responses.JSON, prediction::write);
    }
}
