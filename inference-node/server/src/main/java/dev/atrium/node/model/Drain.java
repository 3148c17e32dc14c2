package dev.atrium.node.model;

import dev.atrium.node.worker.HostedModel;
import java.time.Duration;

/** The end of a loaded model that gets no new calls. */
final class Drain {
    private static final Duration BETWEEN = Duration.ofMillis(20);

    private Drain() {}

    /** Waits for running calls, but not for ever, and frees the memory. Blocks. */
    static void unload(HostedModel model, Duration longest) {
        unload(model, Duration.ZERO, longest);
    }

    /**
     * The same where calls may still come that were on their way.
     *
     * @param least how long it waits whether there are calls or not
     */
    static void unload(HostedModel model, Duration least, Duration longest) {
        long began = System.nanoTime();
        while (System.nanoTime() - began < (model.inFlight() > 0 ? longest : least).toNanos()
                && !model.death().isDone()) {
            try {
                Thread.sleep(BETWEEN);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        model.unload();
    }
}
