package dev.atrium.node.inference;

import dev.atrium.node.api.EmbedRequest;
import dev.atrium.node.api.NodeProtocol;
import dev.atrium.node.engine.Datatype;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.Tensor;
import dev.atrium.node.worker.Answer;
import dev.atrium.node.worker.Call;
import dev.atrium.registry.api.usage.Operation;
import java.util.UUID;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Texts in, vectors out. */
@RestController
class EmbedController {
    private static final int MAX_TEXTS = 2048;

    private final Attempts attempts;
    private final Bodies bodies;

    EmbedController(Attempts attempts, Bodies bodies) {
        this.attempts = attempts;
        this.bodies = bodies;
    }

    @PostMapping(NodeProtocol.EMBED)
    Mono<Void> embed(
            @PathVariable UUID versionId, ServerHttpRequest request, ServerHttpResponse response) {
        return Mono.defer(() ->
                        attempts.admit(request.getHeaders(), versionId, Operation.EMBEDDINGS)
                                .flatMap(attempt -> compute(attempt, request, response)))
                .onErrorResume(failure -> Responses.refuse(response, failure));
    }

    private Mono<Void> compute(
            Attempt attempt, ServerHttpRequest request, ServerHttpResponse response) {
        return Calls.answer(() -> attempt.begin(() -> begin(attempt, request)))
                .flatMap(answer -> write(answer, response));
    }

    private Call begin(Attempt attempt, ServerHttpRequest request) {
        EmbedRequest embed = bodies.read(request, EmbedRequest.class);
        if (embed.inputs().isEmpty() || embed.inputs().size() > MAX_TEXTS) {
            throw EngineException.invalidInput(
                    "inputs must be 1 to " + MAX_TEXTS + " texts, not " + embed.inputs().size());
        }
        return attempt.follow(attempt.model().embed(attempt.terms(), embed.inputs()));
    }

    private static Mono<Void> write(Answer answer, ServerHttpResponse response) {
        if (answer.outputs().size() != 1
                || answer.outputs().getFirst().datatype() != Datatype.FP32
                || answer.outputs().getFirst().shape().length != 2) {
            return Mono.error(EngineException.failed("the model gave no matrix", null));
        }
        Tensor matrix = answer.outputs().getFirst();
        Responses.usage(response, answer.usage());
        response.getHeaders()
                .set(NodeProtocol.SHAPE_HEADER, matrix.shape()[0] + "," + matrix.shape()[1]);
        response.getHeaders().setContentType(MediaType.APPLICATION_OCTET_STREAM);
        response.getHeaders().setContentLength(matrix.data().remaining());
        return response.writeWith(
                Mono.fromSupplier(() -> response.bufferFactory().wrap(matrix.data())));
    }
}
