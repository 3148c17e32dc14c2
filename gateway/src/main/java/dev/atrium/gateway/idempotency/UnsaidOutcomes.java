package dev.atrium.gateway.idempotency;

import dev.atrium.registry.api.idempotency.KeptReply;
import dev.atrium.registry.api.idempotency.KeyOutcome;
import dev.atrium.registry.api.idempotency.KeyOutcomes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * How calls with keys ended, until the registry has heard of it. Bounded in what it holds of
 * replies; the rest is small.
 */
final class UnsaidOutcomes {
    private final long mostBytes;
    private final LinkedBlockingDeque<KeyOutcome> unsaid = new LinkedBlockingDeque<>();
    private final AtomicLong bytes = new AtomicLong();

    UnsaidOutcomes(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    void add(KeyOutcome outcome) {
        long size = size(outcome);
        if (bytes.addAndGet(size) > mostBytes && size > 0) {
            bytes.addAndGet(-size);
            unsaid.add(withoutReply(outcome));
        } else {
            unsaid.add(outcome);
        }
    }

    private static KeyOutcome withoutReply(KeyOutcome outcome) {
        return new KeyOutcome(
                outcome.tenantId(), outcome.key(), outcome.callId(), outcome.kind(), null);
    }

    private static long size(KeyOutcome outcome) {
        KeptReply reply = outcome.reply();
        return reply == null ? 0 : reply.body().length;
    }

    /**
     * What to say next, for one thread; followed by {@link #said} or {@link #again}.
     *
     * @param wait for the first one
     * @return empty when there is none by then
     */
    List<KeyOutcome> next(Duration wait) throws InterruptedException {
        List<KeyOutcome> batch = new ArrayList<>();
        @Nullable KeyOutcome next = unsaid.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
        long size = 0;
        while (next != null) {
            batch.add(next);
            size += size(next);
            next = fitting(batch.size(), size);
        }
        return batch;
    }

    private @Nullable KeyOutcome fitting(int count, long size) {
        @Nullable KeyOutcome next = unsaid.peek();
        boolean fits =
                next != null
                        && count < KeyOutcomes.MOST
                        && size + size(next) <= KeyOutcomes.MOST_BYTES;
        // Only one thread takes from the front.
        return fits ? unsaid.poll() : null;
    }

    /** The registry has heard these. */
    void said(List<KeyOutcome> batch) {
        bytes.addAndGet(-batch.stream().mapToLong(UnsaidOutcomes::size).sum());
    }

    /** These are to be said again. */
    void again(List<KeyOutcome> batch) {
        batch.reversed().forEach(unsaid::addFirst);
    }

    int count() {
        return unsaid.size();
    }
}
