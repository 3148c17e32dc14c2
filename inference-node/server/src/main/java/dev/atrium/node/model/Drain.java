package dev.atrium.node.model;

import dev.atrium.node.worker.HostedModel;
import java.time.Duration;

/** The end of a loaded model that gets no new calls. */
final class Drain {
    private static final Duration BETWEEN = Duration.ofMillis(20);

    private Drain() {}

    /** Waits for running calls, but not for ever, and frees the memory. Blocks. */
    static void unload(HostedModel model, Duration longest) {
        long end = System.nanoTime() + longest.toNanos();
        while (model.inFlight() > 0 && System.nanoTime() - end < 0 && !model.death().isDone()) {
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
