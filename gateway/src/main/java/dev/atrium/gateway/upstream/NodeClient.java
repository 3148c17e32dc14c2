package dev.atrium.gateway.upstream;

import dev.atrium.gateway.registry.Membership;
import dev.atrium.node.api.AttemptEnd;
import dev.atrium.node.api.Grant;
import dev.atrium.node.api.GrantSigner;
import dev.atrium.node.api.NodeError;
import dev.atrium.node.api.NodeProtocol;
import dev.atrium.node.api.NodeUsage;
import dev.atrium.registry.api.feed.FeedReplica;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.util.AsciiString;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.resources.LoopResources;
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
    static final AsciiString WAIT = AsciiString.cached(NodeProtocol.WAIT_HEADER);
    static final AsciiString GRANT = AsciiString.cached(NodeProtocol.GRANT_HEADER);
    private static final int HTTP_OK = 200;
    private static final int LONGEST_ERROR = 64 * 1024;
    private static final int LAST_WORD_RETRIES = 5;
    private static final Duration LAST_WORD_PAUSE = Duration.ofMillis(20);
    private static final byte[] NOTHING = {};
    private static final String NO_TYPE = "";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Membership membership;
    private final UpstreamProperties properties;
    private final Bootstrap bootstrap;
    private final SslContext tls;

    /** A call never leaves the loop that its client is on. */
    private final Map<EventLoop, NodeConnections> connections = new ConcurrentHashMap<>();

    NodeClient(
            UpstreamProperties properties, Membership membership, ReactorResourceFactory resources)
            throws SSLException {
        this.membership = membership;
        this.properties = properties;
        // Both read files, which an event loop must not.
        this.bootstrap = bootstrap(resources.getLoopResources(), properties);
        this.tls = SslContextBuilder.forClient().build();
    }

    private static Bootstrap bootstrap(LoopResources loops, UpstreamProperties properties) {
        EventLoopGroup group = loops.onServer(LoopResources.DEFAULT_NATIVE);
        return new Bootstrap()
                .channel(loops.onChannelClass(SocketChannel.class, group))
                .option(ChannelOption.TCP_NODELAY, true)
                .option(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        (int) properties.connectTimeout().toMillis())
                .resolver(
                        new DnsAddressResolverGroup(
                                new DnsNameResolverBuilder()
                                        .datagramChannelType(
                                                loops.onChannelClass(
                                                        DatagramChannel.class, group))));
    }

    private NodeConnections on(EventLoop loop) {
        NodeConnections known = connections.get(loop);
        return known == null ? connections.computeIfAbsent(loop, this::open) : known;
    }

    private NodeConnections open(EventLoop loop) {
        return new NodeConnections(loop, bootstrap, tls, properties);
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
     * @param wait how long the attempt may wait at the node for its model to be loaded
     * @param loop the event loop that the call is on, on which it is also sent and its deadline
     *     watched
     * @param use what to do with the node's 200; its body must be read inside
     */
    public Mono<Void> send(
            FeedReplica replica,
            Grant grant,
            NodeRequest request,
            Duration left,
            Duration wait,
            EventLoop loop,
            Function<NodeAnswer, Mono<Void>> use) {
        GrantSigner signer = membership.grantSigner(replica.nodeId());
        if (signer == null) {
            return Mono.error(new NodeFailure.Unreachable("no grant key for the node"));
        }
        String signed = signer.sign(grant.issuedBy(membership.gatewayId()));
        String path = NodeProtocol.path(request.path(), replica.versionId().value());
        NodeAttempt attempt =
                new NodeAttempt(
                        on(loop),
                        replica.nodeUrl(),
                        path,
                        signed,
                        request.contentType(),
                        request.body(),
                        left,
                        wait);
        return attempt.answer()
                .flatMap(answer -> answer.status() == HTTP_OK ? use.apply(answer) : refusal(answer))
                // Whatever is not a node's failure went wrong on the client's side.
                .onErrorMap(NodeClient::isForeign, AnswerInterruptedException::new)
                .doFinally(signal -> attempt.over());
    }

    private static Mono<Void> refusal(NodeAnswer answer) {
        NodeUsage usage = answer.usageOfRefusal();
        Duration retryAfter = answer.retryAfter();
        return answer.bytes(LONGEST_ERROR)
                .flatMap(bytes ->
                        Mono.error(
                                new NodeFailure.Refused(
                                        answer.status(),
                                        error(answer.status(), bytes),
                                        usage,
                                        retryAfter)));
    }

    /**
     * Ends an attempt that nobody waits for any more and asks what it used; empty where the node
     * does not know, or does not say so in time. Closing the attempt's own connection is not
     * enough: nothing comes back over it. Asking twice is harmless, so a connection that breaks
     * (pooled ones do, when others are cut off) is no reason to go without.
     *
     * @param grant another one of that attempt
     */
    public Mono<AttemptEnd> end(FeedReplica replica, Grant grant, EventLoop loop, Scheduler timer) {
        GrantSigner signer = membership.grantSigner(replica.nodeId());
        if (signer == null) {
            return Mono.empty();
        }
        return Mono.defer(() -> lastWord(replica, signer.sign(grant), on(loop)))
                .retryWhen(
                        Retry.backoff(LAST_WORD_RETRIES, LAST_WORD_PAUSE)
                                .scheduler(timer)
                                .filter(NodeClient::isBroken)
                                .onRetryExhaustedThrow((retries, last) -> last.failure()))
                .timeout(properties.lastWord(), timer)
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

    private Mono<AttemptEnd> lastWord(FeedReplica replica, String grant, NodeConnections on) {
        NodeAttempt question =
                new NodeAttempt(
                        on,
                        replica.nodeUrl(),
                        NodeProtocol.END,
                        grant,
                        NO_TYPE,
                        NOTHING,
                        properties.lastWord(),
                        Duration.ZERO);
        return question.answer()
                .flatMap(answer ->
                        answer.bytes(LONGEST_ERROR)
                                .map(bytes -> attemptEnd(answer.status(), bytes)))
                .doFinally(signal -> question.over());
    }

    private static AttemptEnd attemptEnd(int status, byte[] body) {
        if (status != HTTP_OK) {
            throw new NodeFailure.Invalid("status " + status);
        }
        AttemptEnd end = attemptEnd(body);
        if (end.usage() == null) {
            throw new NodeFailure.Invalid("a last word without usage");
        }
        return new AttemptEnd(end.computed(), NodeAnswer.checked(end.usage()));
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

    /** Whether it was the way to the node that failed. */
    private static boolean isBroken(Throwable error) {
        return error instanceof NodeFailure.Vanished || error instanceof NodeFailure.Unreachable;
    }

    /** Before the server's own loops end. */
    @Override
    public void destroy() {
        connections.forEach((loop, its) -> loop.execute(its::close));
        bootstrap.config().resolver().close();
    }
}
