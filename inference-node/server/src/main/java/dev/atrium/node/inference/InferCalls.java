package dev.atrium.node.inference;

import dev.atrium.node.api.Grant;
import dev.atrium.node.api.NodeProtocol;
import dev.atrium.node.engine.EngineException;
import dev.atrium.node.engine.Tensor;
import dev.atrium.node.worker.Answer;
import dev.atrium.node.worker.Call;
import dev.atrium.registry.api.catalog.Signature;
import dev.atrium.registry.api.usage.Operation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.util.AsciiString;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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

    private static final AsciiString BYTES = HttpHeaderValues.APPLICATION_OCTET_STREAM;

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

    /**
     * How a request is written.
     *
     * @param jsonBytes length of the JSON before the bytes of tensors; null for JSON alone
     * @param mayBeBinary whether outputs may be answered as bytes
     */
    private record Form(@Nullable Integer jsonBytes, boolean mayBeBinary) {
        private static final Form JSON = new Form(null, true);

        static Form of(NodeExchange exchange) {
            if (exchange.request().uri().indexOf('?') < 0) {
                return JSON;
            }
            return new Form(
                    length(exchange.parameter("header")),
                    !"false".equals(exchange.parameter("binary")));
        }

        private static @Nullable Integer length(@Nullable String text) {
            try {
                return text == null ? null : Integer.valueOf(text);
            } catch (NumberFormatException e) {
                throw EngineException.invalidInput("'header' must be a number of bytes");
            }
        }
    }

    /** What of a request its answer depends on. */
    private record Wish(@Nullable String id, BinaryOutputs binary) {}

    private Mono<Void> compute(Attempt attempt, NodeExchange exchange) {
        AtomicReference<@Nullable Wish> wish = new AtomicReference<>();
        return Calls.answer(
                        bodies.of(exchange),
                        body -> attempt.begin(() -> begin(attempt, Form.of(exchange), body, wish)))
                .flatMap(answer ->
                        write(
                                answer,
                                attempt.grant(),
                                Objects.requireNonNull(wish.get()),
                                exchange.response()));
    }

    private static Mono<Void> write(
            Answer answer, Grant grant, Wish wish, HttpServerResponse response) {
        Responses.usage(response, answer.usage());
        if (wish.binary().isAsked()) {
            return writeBinary(answer, grant, wish, response);
        }
        String id = wish.id();
        Consumer<OutputStream> writer =
                target ->
                        InferResponseWriter.write(
                                grant.modelName(), grant.version(), id, answer.outputs(), target);
        long bytes = answer.outputs().stream().mapToLong(out -> out.data().remaining()).sum();
        return bytes <= MAX_WHOLE_BYTES
                ? Responses.whole(response, Responses.JSON, writer)
                : Responses.stream(response, Responses.JSON, writer);
    }

    /** JSON, then the bytes of the tensors that were asked for so, as the model gave them. */
    private static Mono<Void> writeBinary(
            Answer answer, Grant grant, Wish wish, HttpServerResponse response) {
        BinaryOutputs binary = wish.binary();
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        InferResponseWriter.write(
                grant.modelName(), grant.version(), wish.id(), answer.outputs(), binary, json);
        List<ByteBuf> parts = new ArrayList<>();
        parts.add(Unpooled.wrappedBuffer(json.toByteArray()));
        for (Tensor output : answer.outputs()) {
            if (binary.isBinary(output.name())) {
                parts.add(Unpooled.wrappedBuffer(output.data()));
            }
        }
        if (parts.size() == 1) {
            return Responses.whole(response, Responses.JSON, parts.getFirst());
        }
        response.header(NodeProtocol.JSON_LENGTH_HEADER, Integer.toString(json.size()));
        return Responses.whole(
                response, BYTES, Unpooled.wrappedBuffer(parts.toArray(ByteBuf[]::new)));
    }

    private Call begin(
            Attempt attempt, Form form, InputStream body, AtomicReference<@Nullable Wish> wish) {
        InferRequest infer = InferRequestReader.read(body, maxTensorBytes, form.jsonBytes());
        wish.set(new Wish(infer.id(), infer.binary()));
        List<Tensor> inputs;
        try {
            if (infer.binary().isAsked() && !form.mayBeBinary()) {
                throw EngineException.invalidInput(
                        "an answer with binary tensors cannot be said again; leave out the header"
                                + " Idempotency-Key, or take the outputs as JSON");
            }
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
