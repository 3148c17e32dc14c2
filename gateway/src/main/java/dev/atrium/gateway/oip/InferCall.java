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
 * model's signature and says what is wrong with them.
 */
final class InferCall implements ProtocolCall {
    static final int LONGEST_BODY = 32 * 1024 * 1024;

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
        return exchange.jsonBody(LONGEST_BODY);
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
            return new NodeRequest(NodeProtocol.INFER, body, null, TokenBounds.NONE);
        });
    }

    @Override
    public Mono<Void> answer(NodeAnswer answer, CallProgress progress) {
        NodeUsage usage = answer.usage();
        long length = answer.length();
        int longest = Math.max(LONGEST_HELD, exchange.longestCopied());
        if (length >= 0 && length <= longest) {
            return answer.bytes(longest)
                    .flatMap(bytes -> {
                        progress.used(usage);
                        progress.answeringWhole(200);
                        return exchange.answerJson(200, bytes);
                    });
        }
        progress.used(usage);
        progress.answeringWhole(200);
        return exchange.streamJson(answer.body().map(ByteBuf::retain), length);
    }
}
