package dev.atrium.gateway.oip;

import dev.atrium.gateway.call.CallProgress;
import dev.atrium.gateway.call.ProtocolCall;
import dev.atrium.gateway.routing.ModelReference;
import dev.atrium.gateway.upstream.NodeAnswer;
import dev.atrium.gateway.upstream.NodeRequest;
import dev.atrium.gateway.upstream.TokenBounds;
import dev.atrium.gateway.web.Exchange;
import dev.atrium.gateway.web.Refusal;
import dev.atrium.node.api.NodeProtocol;
import dev.atrium.node.api.NodeUsage;
import dev.atrium.registry.api.feed.FeedModel;
import dev.atrium.registry.api.feed.FeedVersion;
import dev.atrium.registry.api.usage.Operation;
import io.netty.buffer.ByteBuf;
import reactor.core.publisher.Mono;

/**
 * {@code POST …/infer}. Tensors pass through untouched in both directions: the node knows the
 * model's signature and says what is wrong with them. Binary tensors ({@code binary_tensor_data})
 * stand behind the JSON, whose length a header says.
 */
final class InferCall implements ProtocolCall {
    static final int LONGEST_BODY = 32 * 1024 * 1024;
    private static final String IDEMPOTENCY_KEY = "Idempotency-Key";
    private static final String JSON = "application/json";
    private static final String BINARY = "application/octet-stream";

    /**
     * Shorter answers are taken whole, so that another replica can be tried until the last byte. So
     * is what is to be kept, which the client must not take away by leaving.
     */
    private static final int LONGEST_HELD = 256 * 1024;

    private final Exchange exchange;
    private final ModelReference reference;

    InferCall(Exchange exchange, ModelReference reference) {
        this.exchange = exchange;
        this.reference = reference;
    }

    @Override
    public Operation operation() {
        return Operation.INFER;
    }

    @Override
    public Mono<ModelReference> model() {
        return Mono.just(reference);
    }

    @Override
    public Mono<byte[]> body() {
        return exchange.header(NodeProtocol.JSON_LENGTH_HEADER) == null
                ? exchange.jsonBody(LONGEST_BODY)
                : exchange.body(LONGEST_BODY);
    }

    @Override
    public boolean isStream() {
        return false;
    }

    @Override
    public Mono<NodeRequest> nodeRequest(FeedModel model, FeedVersion version) {
        return body().map(body -> {
            if (body.length == 0) {
                throw Refusal.invalid("the body is empty; send {\"inputs\": […]}", null)
                        .asException();
            }
            return new NodeRequest(path(), body, null, TokenBounds.NONE);
        });
    }

    private String path() {
        String jsonLength = exchange.header(NodeProtocol.JSON_LENGTH_HEADER);
        // What is said again has no headers of its own.
        String binary = exchange.header(IDEMPOTENCY_KEY) == null ? "" : "binary=false";
        if (jsonLength != null) {
            String header = NodeProtocol.INFER + "?header=" + jsonLength(jsonLength);
            return binary.isEmpty() ? header : header + "&" + binary;
        }
        return binary.isEmpty() ? NodeProtocol.INFER : NodeProtocol.INFER + "?" + binary;
    }

    private static int jsonLength(String text) {
        int length = text.matches("\\d{1,8}") ? Integer.parseInt(text) : 0;
        if (length == 0) {
            throw Refusal.invalid(
                            "the header "
                                    + NodeProtocol.JSON_LENGTH_HEADER
                                    + " must be the length of the request's JSON in bytes, not '"
                                    + Exchange.printable(text)
                                    + "'",
                            null)
                    .asException();
        }
        return length;
    }

    @Override
    public Mono<Void> answer(NodeAnswer answer, CallProgress progress) {
        NodeUsage usage = answer.usage();
        long length = answer.length();
        String jsonLength = answer.header(NodeProtocol.JSON_LENGTH_HEADER);
        String type = jsonLength == null ? JSON : BINARY;
        if (jsonLength != null) {
            exchange.responseHeader(NodeProtocol.JSON_LENGTH_HEADER, jsonLength);
        }
        int longest = Math.max(LONGEST_HELD, exchange.longestCopied());
        if (length >= 0 && length <= longest) {
            return answer.bytes(longest)
                    .flatMap(bytes -> {
                        progress.used(usage);
                        progress.answeringWhole(200);
                        return exchange.answer(200, type, bytes);
                    });
        }
        progress.used(usage);
        progress.answeringWhole(200);
        return exchange.stream(type, answer.body().map(ByteBuf::retain), length);
    }
}
