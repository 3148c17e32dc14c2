package dev.atrium.gateway.idempotency;

import dev.atrium.gateway.MonotonicClock;
import dev.atrium.gateway.registry.BackgroundLoop;
import dev.atrium.gateway.registry.RegistryClient;
import dev.atrium.gateway.registry.RegistryException;
import dev.atrium.registry.api.idempotency.KeyOutcome;
import dev.atrium.registry.api.idempotency.KeyOutcomes;
import dev.atrium.registry.api.idempotency.KeyOutcomesReply;
import java.time.Duration;
import java.util.List;
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
    private final Duration patience;
    private final UnsaidOutcomes unsaid;
    private final BackgroundLoop loop =
            new BackgroundLoop("idempotency outcomes", () -> sayNext(Duration.ofSeconds(1)));

    Outcomes(RegistryClient registry, MonotonicClock clock, IdempotencyProperties properties) {
        this.registry = registry;
        this.clock = clock;
        this.unsaid = new UnsaidOutcomes(properties.maxUnsaid().toBytes());
        this.patience = properties.shutdownPatience();
    }

    void say(KeyOutcome outcome) {
        unsaid.add(outcome);
    }

    private Duration sayNext(Duration wait) throws InterruptedException {
        List<KeyOutcome> batch = unsaid.next(wait);
        if (batch.isEmpty()) {
            return Duration.ZERO;
        }
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
                unsaid.said(batch);
            } else {
                unsaid.again(batch);
            }
        }
        return Duration.ZERO;
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
            while (unsaid.count() > 0 && clock.since(begun).compareTo(patience) < 0) {
                sayNext(Duration.ZERO);
            }
        } catch (RegistryException e) {
            LOG.warn(
                    "how {} calls with a key ended stays unknown: {}",
                    unsaid.count(),
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
