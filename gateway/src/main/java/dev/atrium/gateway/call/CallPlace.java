package dev.atrium.gateway.call;

import dev.atrium.registry.api.usage.UsageRecord;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a call occupies in this gateway, its permits included: free when both its request and its
 * bookkeeping are done with it.
 */
final class CallPlace {
    private final AtomicInteger holders = new AtomicInteger(1);
    private final Consumer<@Nullable UsageRecord> free;
    private volatile @Nullable UsageRecord account;

    /**
     * @param free told what was booked; null where nothing was
     */
    CallPlace(Consumer<@Nullable UsageRecord> free) {
        this.free = free;
    }

    /** The call's account, before its bookkeeping lets go. */
    void booked(UsageRecord usage) {
        account = usage;
    }

    /** Keeps the place for one more; only for who knows that it is held. */
    void hold() {
        holders.incrementAndGet();
    }

    void letGo() {
        if (holders.decrementAndGet() == 0) {
            free.accept(account);
        }
    }
}
