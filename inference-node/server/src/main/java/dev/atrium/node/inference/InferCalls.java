package dev.atrium.node.inference;

import dev.atrium.node.api.Grant;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.Tensor;
import dev.atrium.node.worker.Answer;
import dev.atrium.node.worker.Call;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.usage.Operation;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

/** Tensors in, tensors out. */
@Component
class InferCalls implements CallHandler {
    /** Of tensors, whose answers are written at once. */
    private static final int MAX_WHOLE_BYTES = 4 * 1024;

    private final Attempts attempts;
    private final Bodies bodies;
    private final int maxTensorBytes;

    InferCalls(Attempts attempts, Bodies bodies, InferenceProperties properties) {
        this.attempts = attempts;
        this.bodies = bodies;
        // Two characters of JSON can be eight bytes of tensor.
        this.maxTensorBytes = (int) Math.min(Integer.MAX_VALUE, 4 * properties.maxBody().toBytes());
    }

    @Override
    public Mono<Void> answer(NodeExchange exchange) {
        return attempts.admit(exchange, Operation.INFER)
                .flatMap(attempt -> compute(attempt, exchange));
    }

    private Mono<Void> compute(Attempt attempt, NodeExchange exchange) {
        AtomicReference<@Nullable String> id = new AtomicReference<>();
        return Calls.answer(
                        bodies.of(exchange), body -> attempt.begin(() -> begin(attempt, body, id)))
                .flatMap(answer -> write(answer, attempt.grant(), id.get(), exchange.response()));
    }

    private static Mono<Void> write(
            Answer answer, Grant grant, @Nullable String id, HttpServerResponse response) {
        Responses.usage(response, answer.usage());
        Consumer<OutputStream> writer =
                target ->
                        InferResponseWriter.write(
                                grant.modelName(), grant.version(), id, answer.outputs(), target);
        long bytes = answer.outputs().stream().mapToLong(out -> out.data().remaining()).sum();
        return bytes <= MAX_WHOLE_BYTES
                ? Responses.whole(response, Responses.JSON, writer)
                : Responses.stream(response, Responses.JSON, writer);
    }

    private Call begin(Attempt attempt, InputStream body, AtomicReference<@Nullable String> id) {
        InferRequest infer = InferRequestReader.read(body, maxTensorBytes);
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

    /** What the engine says, or else what the registry knows. */
    private static Signature signature(Attempt attempt) {
        Signature known = attempt.model().signature();
        return known.inputs().isEmpty() ? attempt.replica().order().signature() : known;
    }
}
