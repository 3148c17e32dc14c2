package dev.atrium.gateway.idempotency;

import dev.atrium.gateway.MonotonicClock;
import dev.atrium.gateway.registry.BackgroundLoop;
import dev.atrium.gateway.registry.RegistryClient;
import dev.atrium.gateway.registry.RegistryException;
import dev.atrium.registry.api.idempotency.KeptReply;
import dev.atrium.registry.api.idempotency.KeyOutcome;
import dev.atrium.registry.api.idempotency.KeyOutcomes;
import dev.atrium.registry.api.idempotency.KeyOutcomesReply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Says to the registry how calls with keys ended, in batches, until it has heard. In memory alone:
 * what a killed gateway had not said yet is unknown, and so never executed again.
 */
@Component
class Outcomes implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(Outcomes.class);
    private static final String PATH = "/internal/v1/idempotency/outcomes";
    private static final int BAD_REQUEST = 400;

    private final RegistryClient registry;
    private final MonotonicClock clock;
    private final long mostBytes;
    private final Duration patience;
    private final LinkedBlockingDeque<KeyOutcome> unsaid = new LinkedBlockingDeque<>();
    private final AtomicLong bytes = new AtomicLong();
    private final BackgroundLoop loop =
            new BackgroundLoop("idempotency outcomes", () -> sayNext(Duration.ofSeconds(1)));

    Outcomes(RegistryClient registry, MonotonicClock clock, IdempotencyProperties properties) {
        this.registry = registry;
        this.clock = clock;
        this.mostBytes = properties.maxUnsaid().toBytes();
        this.patience = properties.shutdownPatience();
    }

    void say(KeyOutcome outcome) {
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

    private Duration sayNext(Duration wait) throws InterruptedException {
        KeyOutcome first = unsaid.poll(wait.toMillis(), TimeUnit.MILLISECONDS);
        if (first == null) {
            return Duration.ZERO;
        }
        List<KeyOutcome> batch = batch(first);
        boolean isDone = false;
        try {
            KeyOutcomesReply reply =
                    registry.post(PATH, new KeyOutcomes(batch), KeyOutcomesReply.class);
            LOG.debug("{} outcomes said, {} counted", batch.size(), reply.counted());
            isDone = true;
        } catch (RegistryException.Refused e) {
            isDone = e.status() == BAD_REQUEST;
            if (!isDone) {
                throw e;
            }
            LOG.error("{} outcomes of idempotent calls are lost: {}", batch.size(), e.getMessage());
        } finally {
            if (isDone) {
                bytes.addAndGet(-batch.stream().mapToLong(Outcomes::size).sum());
            } else {
                batch.reversed().forEach(unsaid::addFirst);
            }
        }
        return Duration.ZERO;
    }

    private List<KeyOutcome> batch(KeyOutcome first) {
        List<KeyOutcome> batch = new ArrayList<>();
        batch.add(first);
        long size = size(first);
        while (batch.size() < KeyOutcomes.MOST) {
            @Nullable KeyOutcome next = unsaid.peek();
            if (next == null || size + size(next) > KeyOutcomes.MOST_BYTES) {
                break;
            }
            // Only this thread takes from the front.
            batch.add(unsaid.remove());
            size += size(next);
        }
        return batch;
    }

    @Override
    public void start() {
        loop.start();
    }

    /** After the last call has ended. */
    @Override
    public void stop() {
        loop.stop();
        long begun = clock.nanos();
        try {
            while (!unsaid.isEmpty() && clock.since(begun).compareTo(patience) < 0) {
                sayNext(Duration.ZERO);
            }
        } catch (RegistryException e) {
            LOG.warn(
                    "how {} calls with a key ended stays unknown: {}",
                    unsaid.size(),
                    e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return loop.isRunning();
    }

    /** Stops when calls have ended. */
    @Override
    public int getPhase() {
        return 0;
    }
}
