package dev.atrium.gateway.web;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.util.AsciiString;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Everything on the public port: gives the request an id, hands it to the family of its path, turns
 * refusals into that family's errors, and writes the access line.
 */
@Component
class PublicApi {
    private static final Logger LOG = LoggerFactory.getLogger(PublicApi.class);
    private static final AsciiString REQUEST_ID = AsciiString.cached("x-request-id");
    private static final String REALM = "Bearer realm=\"atrium\"";

    private final ApiFamilies families;
    private final CallIds ids;
    private final ClientAddresses addresses;
    private final EventLoops eventLoops;
    private final BufferedBodies bodies;
    private final AccessLog accessLog;

    PublicApi(
            ApiFamilies families,
            CallIds ids,
            ClientAddresses addresses,
            EventLoops eventLoops,
            BufferedBodies bodies,
            AccessLog accessLog) {
        this.families = families;
        this.ids = ids;
        this.addresses = addresses;
        this.eventLoops = eventLoops;
        this.bodies = bodies;
        this.accessLog = accessLog;
    }

    Mono<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        UUID id = ids.next();
        long startedAt = System.nanoTime();
        EventLoop loop = ((Connection) request).channel().eventLoop();
        Exchange exchange =
                new Exchange(
                        request,
                        response,
                        id,
                        addresses.of(request),
                        loop,
                        eventLoops.of(loop),
                        bodies);
        exchange.responseHeader(REQUEST_ID, id.toString());
        ApiFamily family = families.of(exchange.segments());
        return boundToClient(
                exchange,
                Mono.defer(() -> family.handle(exchange))
                        .onErrorResume(error -> refuse(exchange, family, error))
                        .doFinally(signal -> {
                            exchange.end();
                            accessLog.write(
                                    exchange,
                                    exchange.isAlone() ? SignalType.CANCEL : signal,
                                    startedAt);
                        }));
    }

    /** What the server cancels when its client leaves may go on all the same. */
    private static Mono<Void> boundToClient(Exchange exchange, Mono<Void> life) {
        return Mono.create(client -> {
            Disposable request =
                    life.subscribe(
                            null,
                            error -> {
                                if (!exchange.isAlone()) {
                                    client.error(error);
                                }
                            },
                            client::success);
            client.onCancel(() -> exchange.clientLeft(request));
        });
    }

    private Mono<Void> refuse(Exchange exchange, ApiFamily family, Throwable error) {
        if (error instanceof ClientGoneException) {
            return Mono.error(error);
        }
        Refusal refusal = refusalOf(exchange, error);
        if (exchange.isAnswered()) {
            // Too late for a status: breaking the connection is the only honest end.
            return Mono.error(error);
        }
        exchange.note("refusal", refusal.reason());
        exchange.refused(refusal);
        explain(exchange, refusal);
        return exchange.answerJson(refusal.reason().status(), family.errorBody(refusal));
    }

    private static Refusal refusalOf(Exchange exchange, Throwable error) {
        if (error instanceof RefusedException refused) {
            return refused.refusal();
        }
        LOG.error("request {} failed", exchange.id(), error);
        return Refusal.of(
                Refusal.Reason.INTERNAL_ERROR, "internal error; request id " + exchange.id());
    }

    private static void explain(Exchange exchange, Refusal refusal) {
        if (refusal.retryAfter() != null) {
            long seconds = Math.max(1, refusal.retryAfter().plusNanos(999_999_999).toSeconds());
            exchange.responseHeader(HttpHeaderNames.RETRY_AFTER, Long.toString(seconds));
        }
        switch (refusal.reason()) {
            case CREDENTIAL_MISSING ->
                    exchange.responseHeader(HttpHeaderNames.WWW_AUTHENTICATE, REALM);
            case CREDENTIAL_INVALID ->
                    exchange.responseHeader(
                            HttpHeaderNames.WWW_AUTHENTICATE, REALM + ", error=\"invalid_token\"");
            case INSUFFICIENT_SCOPE ->
                    exchange.responseHeader(
                            HttpHeaderNames.WWW_AUTHENTICATE,
                            REALM
                                    + ", error=\"insufficient_scope\", scope=\""
                                    + refusal.scope()
                                    + "\"");
            // Clients retry anyway; this says whether waiting helps.
            case RATE_LIMITED, OVERLOADED, UNAVAILABLE, MODEL_NOT_READY, IDEMPOTENCY_IN_FLIGHT ->
                    exchange.responseHeader("x-should-retry", "true");
            case QUOTA_EXHAUSTED,
                    PRICE_MISSING,
                    IDEMPOTENCY_STREAM,
                    IDEMPOTENCY_MISMATCH,
                    IDEMPOTENCY_UNKNOWN,
                    IDEMPOTENCY_NOT_KEPT ->
                    exchange.responseHeader("x-should-retry", "false");
            // The rest of a body that nobody wants must not be taken for the next request.
            case BODY_TOO_LARGE, REQUEST_TIMEOUT ->
                    exchange.responseHeader(HttpHeaderNames.CONNECTION, "close");
            default -> {}
        }
    }
}
