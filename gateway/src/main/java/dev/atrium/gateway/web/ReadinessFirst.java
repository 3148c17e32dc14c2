package dev.atrium.gateway.web;

import java.util.concurrent.locks.LockSupport;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Waits at the beginning of a stop: readiness is down already, and load balancers need a moment to
 * see it before the port closes.
 */
@Component
class ReadinessFirst implements SmartLifecycle {
    private final WebProperties properties;
    private volatile boolean running;

    ReadinessFirst(WebProperties properties) {
        this.properties = properties;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        long until = System.nanoTime() + properties.drainDelay().toNanos();
        while (System.nanoTime() - until < 0) {
            LockSupport.parkNanos(until - System.nanoTime());
        }
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Stops first of all. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE;
    }
}
