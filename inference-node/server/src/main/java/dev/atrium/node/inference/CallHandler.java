package dev.atrium.node.inference;

import reactor.core.publisher.Mono;

/** One kind of call that a node takes. */
interface CallHandler {
    /**
     * Answers the call. May fail with anything until the answer has begun: {@link NodeApi} makes a
     * refusal of it.
     */
    Mono<Void> answer(NodeExchange exchange);
}
