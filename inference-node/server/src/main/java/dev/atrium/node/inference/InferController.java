package dev.atrium.node.inference;

import dev.atrium.node.api.Grant;
import dev.atrium.node.api.NodeProtocol;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.Tensor;
import dev.atrium.node.worker.Answer;
import dev.atrium.node.worker.Call;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.usage.Operation;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Tensors in, tensors out. */
@RestController
class InferController {
    /** Of tensors, whose answers are written at once. */
    private static final int MAX_WHOLE_BYTES = 4 * 1024;

    private final Attempts attempts;
    private final Bodies bodies;
    private final int maxTensorBytes;

    InferController(Attempts attempts, Bodies bodies, InferenceProperties properties) {
        this.attempts = attempts;
        this.bodies = bodies;
        // Two characters of JSON can be eight bytes of tensor.
        this.maxTensorBytes = (int) Math.min(Integer.MAX_VALUE, 4 * properties.maxBody().toBytes());
    }

    @PostMapping(NodeProtocol.INFER)
    Mono<Void> infer(
            @PathVariable UUID versionId, ServerHttpRequest request, ServerHttpResponse response) {
        return Mono.defer(() ->
                        attempts.admit(request.getHeaders(), versionId, Operation.INFER)
                                .flatMap(attempt -> compute(attempt, request, response)))
                .onErrorResume(failure -> Responses.refuse(response, failure));
    }

    private Mono<Void> compute(
            Attempt attempt, ServerHttpRequest request, ServerHttpResponse response) {
        AtomicReference<@Nullable String> id = new AtomicReference<>();
        return Calls.answer(() -> attempt.begin(() -> begin(attempt, request, id)))
                .flatMap(answer -> write(answer, attempt.grant(), id.get(), response));
    }

    private static Mono<Void> write(
            Answer answer, Grant grant, @Nullable String id, ServerHttpResponse response) {
        Responses.usage(response, answer.usage());
        Consumer<OutputStream> writer =
                target ->
                        InferResponseWriter.write(
                                grant.modelName(), grant.version(), id, answer.outputs(), target);
        long bytes = answer.outputs().stream().mapToLong(out -> out.data().remaining()).sum();
        return bytes <= MAX_WHOLE_BYTES
                ? Responses.whole(response, MediaType.APPLICATION_JSON, writer)
                : Responses.stream(response, MediaType.APPLICATION_JSON, writer);
    }

    private Call begin(
            Attempt attempt, ServerHttpRequest request, AtomicReference<@Nullable String> id) {
        InferRequest infer = read(request);
        id.set(infer.id());
        List<Tensor> inputs;
        try {
            Signature signature = signature(attempt);
            inputs = SignatureCheck.inputs(infer.inputs(), signature);
            SignatureCheck.outputs(infer.outputs(), signature);
        } catch (EngineException e) {
            infer.buffers().release();
            throw e;
        }
        return attempt.follow(
                attempt.model()
                        .infer(attempt.terms(), inputs, infer.outputs(), infer.buffers()::release));
    }

    private InferRequest read(ServerHttpRequest request) {
        try (InputStream body = bodies.open(request)) {
            return InferRequestReader.read(body, maxTensorBytes);
        } catch (IOException e) {
            throw EngineException.invalidInput("the body breaks off");
        }
    }

    /** What the engine says, or else what the registry knows. */
    private static Signature signature(Attempt attempt) {
        Signature known = attempt.model().signature();
        return known.inputs().isEmpty() ? attempt.replica().order().signature() : known;
    }
}
