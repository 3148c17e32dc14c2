package dev.atrium.gateway.upstream;

import dev.atrium.gateway.registry.Membership;
import dev.atrium.node.api.AttemptEnd;
import dev.atrium.node.api.Grant;
import dev.atrium.node.api.GrantSigner;
import dev.atrium.node.api.NodeError;
import dev.atrium.node.api.NodeProtocol;
import dev.atrium.node.api.NodeUsage;
import dev.atrium.registry.api.feed.FeedReplica;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;
import reactor.netty.resources.ConnectionProvider;
import reactor.util.retry.Retry;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends attempts to nodes over pooled connections, on the event loops that serve the public port.
 *
 * <p>Cancelling the returned {@link Mono} closes the connection, which is how a node learns that
 * nobody waits any more. Nothing is repeated in here: an attempt that is sent twice under one
 * number would be refused by the node, so repeating is the caller's decision, with a new number.
 */
@Component
public class NodeClient implements DisposableBean {
    private static final Logger LOG = LoggerFactory.getLogger(NodeClient.class);
    private static final int LONGEST_ERROR = 64 * 1024;
    private static final int LAST_WORD_RETRIES = 5;
    private static final Duration LAST_WORD_PAUSE = Duration.ofMillis(20);
    private static final int MOST_URIS = 10_000;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Membership membership;
    private final UpstreamProperties properties;
    private final ReactorResourceFactory resources;
    private final Map<Scheduler, Lane> lanes = new ConcurrentHashMap<>();
    private final Map<String, URI> uris = new ConcurrentHashMap<>();

    /** An event loop's own connections: a call never leaves the loop that its client is on. */
    private record Lane(ConnectionProvider connections, HttpClient http) {}

    NodeClient(
            UpstreamProperties properties,
            Membership membership,
            ReactorResourceFactory resources) {
        this.membership = membership;
        this.properties = properties;
        this.resources = resources;
    }

    /** As text it would be taken apart by a regular expression for every attempt. */
    private URI uri(String text) {
        URI known = uris.get(text);
        if (known != null) {
            return known;
        }
        if (uris.size() >= MOST_URIS) {
            uris.clear();
        }
        return uris.computeIfAbsent(text, URI::create);
    }

    private HttpClient http(Scheduler loop) {
        return lanes.computeIfAbsent(loop, this::open).http();
    }

    private Lane open(Scheduler loop) {
        ConnectionProvider connections =
                ConnectionProvider.builder("nodes")
                        .maxConnections(properties.maxConnections())
                        .pendingAcquireMaxCount(properties.maxPending())
                        .pendingAcquireTimeout(properties.pendingTimeout())
                        .maxIdleTime(properties.idleTimeout())
                        .evictInBackground(properties.idleTimeout())
                        .build();
        HttpClient http =
                HttpClient.create(connections)
                        .runOn(resources.getLoopResources())
                        .option(
                                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                                (int) properties.connectTimeout().toMillis())
                        .disableRetry(true)
                        .followRedirect(false);
        return new Lane(connections, http);
    }

    /** The longest life of a call, which its grants carry. */
    public Duration deadline() {
        return properties.deadline();
    }

    /**
     * Sends one attempt. Fails with a {@link NodeFailure} when the node does not do its part, and
     * with an {@link AnswerInterruptedException} when {@code use} fails.
     *
     * @param left how much of the call's deadline is left
     * @param loop the event loop that the call is on, on which it is also sent and its deadline
     *     watched
     * @param use what to do with the node's 200; its body must be read inside
     */
    public Mono<Void> send(
            FeedReplica replica,
            Grant grant,
            NodeRequest request,
            Duration left,
            Scheduler loop,
            Function<NodeAnswer, Mono<Void>> use) {
        GrantSigner signer = membership.grantSigner(replica.nodeId());
        if (signer == null) {
            return Mono.error(new NodeFailure.Unreachable("no grant key for the node"));
        }
        String signed = signer.sign(grant.issuedBy(membership.gatewayId()));
        String path = NodeProtocol.path(request.path(), replica.versionId().value());
        return http(loop)
                .post()
                .uri(uri(replica.nodeUrl() + path))
                .send((outgoing, connection) -> {
                    outgoing.requestHeaders()
                            .set(NodeProtocol.GRANT_HEADER, signed)
                            .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
                            .set(HttpHeaderNames.CONTENT_LENGTH, request.body().length);
                    return connection.send(Mono.just(Unpooled.wrappedBuffer(request.body())));
                })
                .response((response, body) -> answered(response, body, left, loop, use))
                .then()
                .timeout(left.plusSeconds(1), Mono.error(NodeFailure.TooLate::new), loop)
                .onErrorMap(NodeClient::isForeign, NodeClient::failure);
    }

    private static Mono<Void> answered(
            HttpClientResponse response,
            Flux<ByteBuf> body,
            Duration left,
            Scheduler timer,
            Function<NodeAnswer, Mono<Void>> use) {
        Flux<ByteBuf> guarded =
                until(left, timer, body).onErrorMap(NodeClient::isForeign, NodeClient::failure);
        int status = response.status().code();
        if (status != 200) {
            NodeUsage usage = NodeAnswer.usageOfRefusal(response.responseHeaders());
            return refusal(status, usage, guarded);
        }
        return Mono.defer(() -> use.apply(new NodeAnswer(response.responseHeaders(), guarded)))
                .onErrorMap(NodeClient::isForeign, AnswerInterruptedException::new);
    }

    /** Cancels the body, and with it the node's work, when the deadline passes. */
    private static Flux<ByteBuf> until(Duration left, Scheduler timer, Flux<ByteBuf> body) {
        AtomicBoolean late = new AtomicBoolean();
        return body.takeUntilOther(Mono.delay(left, timer).doOnNext(tick -> late.set(true)))
                .concatWith(
                        Flux.defer(() ->
                                late.get() ? Flux.error(new NodeFailure.TooLate()) : Flux.empty()));
    }

    private static Mono<Void> refusal(int status, NodeUsage usage, Flux<ByteBuf> body) {
        return NodeAnswer.collect(body, LONGEST_ERROR)
                .flatMap(bytes ->
                        Mono.error(new NodeFailure.Refused(status, error(status, bytes), usage)));
    }

    /**
     * Ends an attempt that nobody waits for any more and asks what it used; empty where the node
     * does not know, or does not say so in time. Closing the attempt's own connection is not
     * enough: nothing comes back over it. Asking twice is harmless, so a connection that breaks
     * (pooled ones do, when others are cut off) is no reason to go without.
     *
     * @param grant another one of that attempt
     */
    public Mono<AttemptEnd> end(FeedReplica replica, Grant grant, Scheduler loop) {
        GrantSigner signer = membership.grantSigner(replica.nodeId());
        if (signer == null) {
            return Mono.empty();
        }
        return http(loop)
                .headers(headers -> headers.set(NodeProtocol.GRANT_HEADER, signer.sign(grant)))
                .post()
                .uri(replica.nodeUrl() + NodeProtocol.END)
                .response(NodeClient::lastWord)
                .singleOrEmpty()
                .retryWhen(
                        Retry.backoff(LAST_WORD_RETRIES, LAST_WORD_PAUSE)
                                .scheduler(loop)
                                .filter(NodeClient::isForeign)
                                .onRetryExhaustedThrow((retries, last) -> last.failure()))
                .timeout(properties.lastWord(), loop)
                .onErrorResume(failure -> {
                    LOG.warn(
                            "node {} does not say what attempt {} of call {} used: {}",
                            replica.nodeId(),
                            grant.attempt(),
                            grant.callId(),
                            failure.toString());
                    return Mono.empty();
                });
    }

    private static Mono<AttemptEnd> lastWord(HttpClientResponse response, Flux<ByteBuf> body) {
        int status = response.status().code();
        return NodeAnswer.collect(body, LONGEST_ERROR)
                .map(bytes -> {
                    if (status != 200) {
                        throw new NodeFailure.Invalid("status " + status);
                    }
                    AttemptEnd end = attemptEnd(bytes);
                    if (end.usage() == null) {
                        throw new NodeFailure.Invalid("a last word without usage");
                    }
                    return new AttemptEnd(end.computed(), NodeAnswer.checked(end.usage()));
                });
    }

    private static AttemptEnd attemptEnd(byte[] body) {
        try {
            return JSON.readValue(body, AttemptEnd.class);
        } catch (JacksonException e) {
            throw new NodeFailure.Invalid("an unreadable last word");
        }
    }

    private static NodeError error(int status, byte[] body) {
        try {
            NodeError error = JSON.readValue(body, NodeError.class);
            if (error.code() != null && error.error() != null) {
                return error;
            }
        } catch (JacksonException e) {
            throw new NodeFailure.Invalid("status " + status + " with an unreadable body");
        }
        throw new NodeFailure.Invalid("status " + status + " without a reason");
    }

    private static boolean isForeign(Throwable error) {
        return !(error instanceof NodeFailure || error instanceof AnswerInterruptedException);
    }

    private static NodeFailure failure(Throwable error) {
        String name = error.getClass().getSimpleName();
        boolean neverConnected =
                error instanceof ConnectException
                        || error instanceof ConnectTimeoutException
                        || error instanceof UnknownHostException
                        // The pool's own: no connection became free in time.
                        || error instanceof TimeoutException
                        || name.equals("PoolAcquirePendingLimitException");
        return neverConnected ? new NodeFailure.Unreachable(name) : new NodeFailure.Vanished(name);
    }

    @Override
    public void destroy() {
        Flux.fromIterable(lanes.values())
                .flatMap(lane -> lane.connections().disposeLater())
                .then()
                .block(Duration.ofSeconds(5));
    }
}
