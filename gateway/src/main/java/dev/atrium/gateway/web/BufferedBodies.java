package dev.atrium.gateway.web;

import java.util.concurrent.atomic.AtomicLong;
import org.springframework.stereotype.Component;

/** Bounds the memory that all request bodies together may hold at a time. */
@Component
class BufferedBodies {
    private final AtomicLong held = new AtomicLong();
    private final long limit;

    BufferedBodies(WebProperties properties) {
        this.limit = properties.maxBufferedBodies().toBytes();
    }

    boolean tryHold(long bytes) {
        if (held.addAndGet(bytes) <= limit) {
            return true;
        }
        held.addAndGet(-bytes);
        return false;
    }

    void letGo(long bytes) {
        held.addAndGet(-bytes);
    }
}
