package dev.atrium.node.inference;

import dev.atrium.node.api.EmbedRequest;
import dev.atrium.node.api.NodeProtocol;
import dev.atrium.node.engine.Datatype;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.Tensor;
import dev.atrium.node.worker.Answer;
import dev.atrium.node.worker.Call;
import dev.atrium.registry.api.usage.Operation;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderValues;
import java.io.InputStream;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

/** Texts in, vectors out. */
@Component
class EmbedCalls implements CallHandler {
    private static final int MAX_TEXTS = 2048;

    private final Attempts attempts;
    private final Bodies bodies;

    EmbedCalls(Attempts attempts, Bodies bodies) {
        this.attempts = attempts;
        this.bodies = bodies;
    }

    @Override
    public Mono<Void> answer(NodeExchange exchange) {
        return attempts.admit(exchange, Operation.EMBEDDINGS)
                .flatMap(attempt -> compute(attempt, exchange));
    }

    private Mono<Void> compute(Attempt attempt, NodeExchange exchange) {
        return Calls.answer(bodies.of(exchange), body -> attempt.begin(() -> begin(attempt, body)))
                .flatMap(answer -> write(answer, exchange.response()));
    }

    private static Call begin(Attempt attempt, InputStream body) {
        EmbedRequest embed = Bodies.read(body, EmbedRequest.class);
        if (embed.inputs().isEmpty() || embed.inputs().size() > MAX_TEXTS) {
            throw EngineException.invalidInput(
                    "inputs must be 1 to " + MAX_TEXTS + " texts, not " + embed.inputs().size());
        }
        return attempt.follow(attempt.model().embed(attempt.terms(), embed.inputs()));
    }

    private static Mono<Void> write(Answer answer, HttpServerResponse response) {
        if (answer.outputs().size() != 1
                || answer.outputs().getFirst().datatype() != Datatype.FP32
                || answer.outputs().getFirst().shape().length != 2) {
            return Mono.error(EngineException.failed("the model gave no matrix", null));
        }
        Tensor matrix = answer.outputs().getFirst();
        Responses.usage(response, answer.usage());
        response.header(NodeProtocol.SHAPE_HEADER, matrix.shape()[0] + "," + matrix.shape()[1]);
        return Responses.whole(
                response,
                HttpHeaderValues.APPLICATION_OCTET_STREAM,
                Unpooled.wrappedBuffer(matrix.data()));
    }
}
