package dev.atrium.node.worker.queue;

import java.util.ArrayDeque;

/**
 * What the model's last batches cost. Nothing is assumed before the first one has ended, and an
 * estimate that turns calls away wears off with each of them, so that one very slow call cannot
 * close a model for good. Not thread-safe.
 */
final class RecentCosts {
    private static final int REMEMBERED = 16;
    private static final double WEIGHT_OF_NEW = 0.2;

    private final ArrayDeque<Long> durations = new ArrayDeque<>();
    private double batchNanos;
    private double nanosPerCall;
    private double costPerRow;
    private double costPerBatch;

    /**
     * @param nanos from the moment the batch left the queue until its place was free again
     * @param cost of all its calls
     */
    void ended(int calls, long rows, long nanos, double cost) {
        boolean first = durations.isEmpty();
        batchNanos = average(first, batchNanos, nanos);
        nanosPerCall = average(first, nanosPerCall, (double) nanos / Math.max(1, calls));
        costPerRow = average(first, costPerRow, cost / Math.max(1, rows));
        costPerBatch = average(first, costPerBatch, cost);
        durations.addLast(nanos);
        if (durations.size() > REMEMBERED) {
            durations.removeFirst();
        }
    }

    private static double average(boolean first, double old, double added) {
        return first ? added : old + WEIGHT_OF_NEW * (added - old);
    }

    double batchNanos() {
        return batchNanos;
    }

    /** Of a batch's time; what a call of the queue holds up those behind it. */
    double nanosPerCall() {
        return nanosPerCall;
    }

    double costPerRow() {
        return costPerRow;
    }

    double costPerBatch() {
        return costPerBatch;
    }

    /** No batch of late was faster; 0 where nothing is known. */
    long fastestNanos() {
        return durations.stream().mapToLong(Long::longValue).min().orElse(0);
    }

    void turnedAway() {
        durations.pollFirst();
    }
}
