package dev.atrium.gateway.web;

import io.netty.channel.EventLoop;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.stereotype.Component;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.Connection;

/** The Reactor scheduler of each connection's event loop, made once per loop. */
@Component
class EventLoops {
    private final ConcurrentHashMap<EventLoop, Scheduler> schedulers = new ConcurrentHashMap<>();

    Scheduler of(ServerHttpRequest request) {
        Object nativeRequest = ServerHttpRequestDecorator.getNativeRequest(request);
        if (nativeRequest instanceof Connection connection) {
            EventLoop loop = connection.channel().eventLoop();
            Scheduler known = schedulers.get(loop);
            return known != null
                    ? known
                    : schedulers.computeIfAbsent(loop, Schedulers::fromExecutorService);
        }
        throw new IllegalStateException(
                "the public port must be served by reactor-netty, not "
                        + nativeRequest.getClass().getName());
    }
}
