package dev.atrium.gateway.web;

import reactor.core.publisher.Mono;

/** The paths of one protocol under a common prefix, and the shape of its errors. */
public interface ApiFamily {
    /** The first path segment, such as {@code v1}. */
    String prefix();

    /** Answers a request, or fails with a {@link RefusedException}. */
    Mono<Void> handle(Exchange exchange);

    /** The error body of this protocol; status and headers are set already. */
    byte[] errorBody(Refusal refusal);
}
