package dev.atrium.gateway.upstream;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One event loop's connections to all nodes. Everything in here happens on that loop. */
final class NodeConnections {
    /** URLs that nothing is connected to any more are forgotten beyond this number. */
    private static final int MOST_IDLE_NODES = 1_000;

    private final EventLoop loop;
    private final UpstreamProperties properties;
    private final Bootstrap bootstrap;
    private final SslContext tls;
    private final Map<String, NodePool> pools = new HashMap<>();
    private final ScheduledFuture<?> eviction;

    /**
     * @param bootstrap a client of all loops
     */
    NodeConnections(
            EventLoop loop, Bootstrap bootstrap, SslContext tls, UpstreamProperties properties) {
        this.loop = loop;
        this.properties = properties;
        this.bootstrap = bootstrap.clone(loop);
        this.tls = tls;
        long idleNanos = properties.idleTimeout().toNanos();
        this.eviction =
                loop.scheduleWithFixedDelay(
                        this::evict, idleNanos, idleNanos, TimeUnit.NANOSECONDS);
    }

    EventLoop loop() {
        return loop;
    }

    /**
     * The pool of a node.
     *
     * @throws IllegalArgumentException when the URL is none
     */
    NodePool of(String nodeUrl) {
        NodePool known = pools.get(nodeUrl);
        if (known != null) {
            return known;
        }
        if (pools.size() >= MOST_IDLE_NODES) {
            pools.values().removeIf(NodePool::isUnused);
        }
        NodeAddress address = NodeAddress.parse(nodeUrl);
        NodePool fresh = new NodePool(address, bootstrap, tls, properties);
        pools.put(nodeUrl, fresh);
        return fresh;
    }

    private void evict() {
        long unusedSince = System.nanoTime() - properties.idleTimeout().toNanos();
        pools.values().forEach(pool -> pool.evict(unusedSince));
        pools.values().removeIf(NodePool::isUnused);
    }

    /** Closes what is idle; what is busy closes with its call. */
    void close() {
        eviction.cancel(false);
        pools.values().forEach(pool -> pool.evict(System.nanoTime()));
    }
}
