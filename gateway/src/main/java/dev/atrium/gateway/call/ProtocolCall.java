package dev.atrium.gateway.call;

import dev.atrium.gateway.routing.ModelReference;
import dev.atrium.gateway.upstream.NodeAnswer;
import dev.atrium.gateway.upstream.NodeRequest;
import dev.atrium.registry.api.feed.FeedModel;
import dev.atrium.registry.api.feed.FeedVersion;
import dev.atrium.registry.api.usage.Operation;
import reactor.core.publisher.Mono;

/**
 * What a protocol brings to one call: how to read its request and how to write its answer. Methods
 * are called in the order they stand here; each may refuse.
 */
public interface ProtocolCall {
    /** What is asked for, as far as the path tells. */
    Operation operation();

    /** What it is in the books, now that its model is known. */
    default Operation operation(FeedModel model) {
        return operation();
    }

    /** Reads as much of the request as is needed to know which model is asked for. */
    Mono<ModelReference> model();

    /** The whole request as it came; asked for only where the exchange keeps it. */
    Mono<byte[]> body();

    /** Whether the answer comes as a stream of events; known once the model is. */
    boolean isStream();

    /** Checks the rest of the request and says it in the node's words. */
    Mono<NodeRequest> nodeRequest(FeedModel model, FeedVersion version);

    /** Passes the node's answer on; called again for a further attempt only if nothing was sent. */
    Mono<Void> answer(NodeAnswer answer, CallProgress progress);
}
