package dev.atrium.gateway.call;

import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Knows whether the time for calls to end by themselves is over while the gateway stops: whatever
 * is cut off after that was cut off by the gateway and not by its client.
 */
@Component
class Drain implements SmartLifecycle {
    private volatile boolean running;

    boolean isOver() {
        return !running;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Between the web server's graceful shutdown (MAX - 1024) and its end (MAX - 2048). */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE - 1536;
    }
}
