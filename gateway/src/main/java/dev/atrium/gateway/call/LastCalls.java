package dev.atrium.gateway.call;

import dev.atrium.gateway.admission.InFlightCalls;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Waits at a stop for calls whose clients have left and which go on all the same. For those whose
 * clients are there the web server waits, in the same phase and so for no longer; {@link Drain}
 * ends what is left after it.
 */
@Component
class LastCalls implements SmartLifecycle {
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final InFlightCalls inFlight;
    private volatile boolean started;

    LastCalls(InFlightCalls inFlight) {
        this.inFlight = inFlight;
    }

    @Override
    public void start() {
        started = true;
    }

    @Override
    public void stop(Runnable done) {
        Thread.ofVirtual()
                .name("atrium-last-calls")
                .start(() -> {
                    stop();
                    done.run();
                });
    }

    /** Returns when no call is in flight; every call has an end, if only by its deadline. */
    @Override
    public void stop() {
        while (inFlight.count() > 0) {
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        started = false;
    }

    @Override
    public boolean isRunning() {
        return started;
    }

    /** That of the web server's graceful shutdown. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE - 1024;
    }
}
