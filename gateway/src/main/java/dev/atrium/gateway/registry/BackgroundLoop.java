package dev.atrium.gateway.registry;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Repeats a blocking step on a virtual thread of its own. A step that throws is repeated after a
 * pause that doubles from 100 ms to 5 s, with jitter, so that many gateways do not return to a
 * recovering registry at the same moment. As a bean it runs by itself, from before the public port
 * opens until after it has drained.
 */
public final class BackgroundLoop implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(BackgroundLoop.class);
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 5_000;

    private final String name;
    private final Step step;
    private volatile @Nullable Thread thread;
    private volatile boolean stopping;
    private int failures;

    public BackgroundLoop(String name, Step step) {
        this.name = name;
        this.step = step;
    }

    /** One round. */
    @FunctionalInterface
    public interface Step {
        /**
         * @return how long to pause before the next round
         */
        Duration run() throws Exception;
    }

    @Override
    public void start() {
        stopping = false;
        thread = Thread.ofVirtual().name("atrium-" + name).start(this::repeat);
    }

    /** Interrupts the step and waits until it has ended. */
    @Override
    public void stop() {
        stopping = true;
        Thread running = thread;
        if (running == null) {
            return;
        }
        running.interrupt();
        try {
            running.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread = null;
    }

    @Override
    public boolean isRunning() {
        Thread running = thread;
        return running != null && running.isAlive();
    }

    @Override
    public int getPhase() {
        return 0;
    }

    private void repeat() {
        while (!stopping) {
            try {
                Thread.sleep(round());
            } catch (InterruptedException e) {
                // Only stop() interrupts; the loop condition says whether it did.
                LOG.debug("{} loop interrupted", name);
            }
        }
    }

    private Duration round() throws InterruptedException {
        try {
            Duration pause = step.run();
            if (failures > 0) {
                LOG.info("{} works again after {} failures", name, failures);
            }
            failures = 0;
            return pause;
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            failures++;
            report(e);
            return pauseAfter(failures);
        }
    }

    /** Loud once, then once every tenth time, or a long outage would fill the log. */
    private void report(Exception failure) {
        if (failures % 10 != 1) {
            return;
        }
        if (failure instanceof RegistryException) {
            LOG.warn("{} failed ({}): {}", name, failures, failure.getMessage());
        } else {
            LOG.warn("{} failed ({})", name, failures, failure);
        }
    }

    static Duration pauseAfter(int failures) {
        long longest = longestPause(failures).toMillis();
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(longest / 2, longest + 1));
    }

    static Duration longestPause(int failures) {
        return Duration.ofMillis(
                Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(failures, 10)));
    }
}
