package dev.atrium.gateway.upstream;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One event loop's connections to one node. The one that was used last is used next, so that what
 * is not needed grows old and is closed.
 */
final class NodePool {
    private final NodeAddress address;
    private final Bootstrap bootstrap;
    private final SslContext tls;
    private final UpstreamProperties properties;
    private final Deque<NodeConnection> idle = new ArrayDeque<>();
    private final Deque<NodeAttempt> waiting = new ArrayDeque<>();
    private int open;

    NodePool(
            NodeAddress address,
            Bootstrap bootstrap,
            SslContext tls,
            UpstreamProperties properties) {
        this.address = address;
        this.bootstrap = bootstrap;
        this.tls = tls;
        this.properties = properties;
    }

    boolean isUnused() {
        return open == 0 && waiting.isEmpty();
    }

    /** Gives the attempt a connection, now or later, or tells it that there is none. */
    void serve(NodeAttempt attempt) {
        NodeConnection free = idle.pollLast();
        while (free != null && !free.isActive()) {
            free = idle.pollLast();
        }
        if (free != null) {
            attempt.send(free, address);
        } else if (open < properties.maxConnections()) {
            connect(attempt);
        } else if (waiting.size() < properties.maxPending()) {
            enqueue(attempt);
        } else {
            attempt.fail(new NodeFailure.Unreachable("too many calls wait for a connection"));
        }
    }

    private void enqueue(NodeAttempt attempt) {
        waiting.addLast(attempt);
        bootstrap
                .config()
                .group()
                .schedule(
                        () -> {
                            if (waiting.remove(attempt)) {
                                attempt.fail(
                                        new NodeFailure.Unreachable("no connection became free"));
                            }
                        },
                        properties.pendingTimeout().toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    /**
     * When the loop is through with the events at hand: one of them may be of a socket that it has
     * just closed, and would be taken for one of a new socket of the same number.
     */
    private void connect(NodeAttempt attempt) {
        open++;
        bootstrap.config().group().execute(() -> connectNow(attempt));
    }

    private void connectNow(NodeAttempt attempt) {
        NodeConnection fresh = new NodeConnection(this);
        ChannelFuture connected =
                bootstrap
                        .clone()
                        .handler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        pipeline(channel, fresh);
                                    }
                                })
                        .connect(address.host(), address.port());
        connected.addListener(done -> {
            if (done.isSuccess()) {
                handedOver(connected.channel(), fresh, attempt);
            } else {
                notConnected(attempt, done.cause());
            }
        });
    }

    private void pipeline(Channel channel, NodeConnection connection) {
        if (address.isSecure()) {
            channel.pipeline()
                    .addLast(tls.newHandler(channel.alloc(), address.host(), address.port()));
        }
        channel.pipeline().addLast(new HttpClientCodec(), connection);
    }

    private void handedOver(Channel channel, NodeConnection fresh, NodeAttempt attempt) {
        SslHandler handshake = channel.pipeline().get(SslHandler.class);
        if (handshake == null) {
            ready(channel, fresh, attempt);
            return;
        }
        handshake
                .handshakeFuture()
                .addListener(done -> {
                    if (done.isSuccess()) {
                        ready(channel, fresh, attempt);
                    } else {
                        channel.close();
                        notConnected(attempt, done.cause());
                    }
                });
    }

    private void ready(Channel channel, NodeConnection fresh, NodeAttempt attempt) {
        channel.closeFuture().addListener(closed -> left());
        if (attempt.isOver()) {
            free(fresh);
        } else {
            attempt.send(fresh, address);
        }
    }

    private void notConnected(NodeAttempt attempt, Throwable cause) {
        left();
        attempt.fail(new NodeFailure.Unreachable(cause.getClass().getSimpleName()));
    }

    /** A connection is gone, which makes room for another one. */
    private void left() {
        open--;
        NodeAttempt next = nextWaiting();
        if (next != null) {
            connect(next);
        }
    }

    /** A connection has done its work and may do more. */
    void free(NodeConnection connection) {
        NodeAttempt next = nextWaiting();
        if (next == null) {
            idle.addLast(connection.idleNow());
        } else {
            next.send(connection, address);
        }
    }

    private @Nullable NodeAttempt nextWaiting() {
        NodeAttempt next = waiting.pollFirst();
        while (next != null && next.isOver()) {
            next = waiting.pollFirst();
        }
        return next;
    }

    /** Closes connections that nobody has used since then. */
    void evict(long unusedSince) {
        for (Iterator<NodeConnection> each = idle.iterator(); each.hasNext(); ) {
            NodeConnection connection = each.next();
            if (connection.isIdleSince(unusedSince)) {
                each.remove();
                connection.close();
            }
        }
    }
}
