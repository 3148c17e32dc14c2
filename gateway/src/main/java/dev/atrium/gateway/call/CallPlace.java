package dev.atrium.gateway.call;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a call occupies in this gateway, its permits included: free when both its request and its
 * bookkeeping are done with it.
 */
final class CallPlace {
    private final AtomicInteger holders = new AtomicInteger(1);
    private final Runnable free;

    CallPlace(Runnable free) {
        this.free = free;
    }

    /** Keeps the place for one more; only for who knows that it is held. */
    void hold() {
        holders.incrementAndGet();
    }

    void letGo() {
        if (holders.decrementAndGet() == 0) {
            free.run();
        }
    }
}
