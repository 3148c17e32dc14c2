package dev.atrium.gateway.web;

import io.netty.channel.EventLoop;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The Reactor scheduler of each connection's event loop, made once per loop. */
@Component
class EventLoops {
    private final ConcurrentHashMap<EventLoop, Scheduler> schedulers = new ConcurrentHashMap<>();

    Scheduler of(EventLoop loop) {
        Scheduler known = schedulers.get(loop);
        return known != null
                ? known
                : schedulers.computeIfAbsent(loop, Schedulers::fromExecutorService);
    }
}
