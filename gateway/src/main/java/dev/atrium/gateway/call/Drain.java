package dev.atrium.gateway.call;

import dev.atrium.gateway.metering.Journal;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Ends the calls that are still running when the time for them to end by themselves is over, so
 * that the journal has their settlement before the last calls are shipped.
 */
@Component
class Drain implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(Drain.class);

    private static final Duration LAST_MOMENT = Duration.ofMillis(250);
    private static final Duration TO_WRITE_DOWN = Duration.ofSeconds(4);

    private final Journal journal;
    private final Set<Sinks.Empty<Void>> running = ConcurrentHashMap.newKeySet();
    private volatile boolean started;

    Drain(Journal journal) {
        this.journal = journal;
    }

    /** The gateway stopped in the middle of a call. */
    static final class GatewayStoppingException extends RuntimeException {
        GatewayStoppingException() {
            super("the gateway stops", null, false, false);
        }
    }

    /** The same call, which fails when the gateway must stop before it has ended. */
    Mono<Void> watch(Mono<Void> call) {
        return Mono.defer(() -> {
            Sinks.Empty<Void> cut = Sinks.empty();
            running.add(cut);
            // Not takeUntilOther: on an error it leaves the call running.
            return Mono.firstWithSignal(call, cut.asMono())
                    .doFinally(signal -> running.remove(cut));
        });
    }

    @Override
    public void start() {
        started = true;
    }

    @Override
    public void stop() {
        started = false;
        try {
            // An answer that has just gone out is settled a moment later.
            journal.awaitNoOpenCalls(LAST_MOMENT);
            cutOff();
            journal.awaitNoOpenCalls(TO_WRITE_DOWN);
        } catch (InterruptedException e) {
            cutOff();
            Thread.currentThread().interrupt();
        }
    }

    private void cutOff() {
        if (!running.isEmpty()) {
            LOG.warn("{} calls did not end in time and are cut off", running.size());
        }
        running.forEach(cut -> cut.tryEmitError(new GatewayStoppingException()));
    }

    @Override
    public boolean isRunning() {
        return started;
    }

    /** Between the web server's graceful shutdown (MAX - 1024) and its end (MAX - 2048). */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE - 1536;
    }
}
