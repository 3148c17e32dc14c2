package dev.atrium.node.worker.queue;

import java.time.Duration;

/**
 * Whether a free place should wait a moment for more calls.
 *
 * <p>A batch that ends sets its callers free, and many of them call again at once. Started at that
 * very moment, the next batch holds only the few that waited, and those who come back wait for a
 * whole batch. With <i>k</i> calls waiting and <i>e</i> expected back, waiting <i>d</i> costs the k
 * calls d each and saves the e calls most of a batch's duration T; with d = T / 8 it pays when e
 * &gt; k / 8, and is asked to be twice as good as that. How many come back is learnt from each
 * wait; where nobody does, only one batch in 32 tries again. Nothing is waited for after a batch of
 * one call, so a single caller is never held up, nor where batches are so short that the wait would
 * cost more than it brings. Not thread-safe.
 */
final class Patience {
    private static final double PART_OF_BATCH = 1.0 / 8;
    private static final double SHORTEST_BATCH_NANOS = 2e6;
    private static final double WEIGHT_OF_NEW = 0.25;
    private static final int TRY_AGAIN = 32;

    private final long mostNanos;
    private double comingBack = 1;
    private int refused;

    Patience(Duration most) {
        this.mostNanos = most.toNanos();
    }

    /**
     * How long to wait; 0 for not at all.
     *
     * @param ended calls of the batch that has just ended
     * @param waiting calls that could go now
     * @param batchNanos how long batches take
     */
    long nanos(int ended, int waiting, double batchNanos) {
        if (mostNanos == 0 || ended < 2 || batchNanos < SHORTEST_BATCH_NANOS) {
            return 0;
        }
        boolean pays = comingBack * ended > 2 * PART_OF_BATCH * waiting;
        boolean likely = comingBack > PART_OF_BATCH;
        if ((!pays || !likely) && ++refused % TRY_AGAIN != 0) {
            return 0;
        }
        return Math.min(mostNanos, (long) (batchNanos * PART_OF_BATCH));
    }

    /** What a wait brought. */
    void waited(int ended, int came) {
        double part = Math.min(1, (double) came / ended);
        comingBack += WEIGHT_OF_NEW * (part - comingBack);
    }
}
