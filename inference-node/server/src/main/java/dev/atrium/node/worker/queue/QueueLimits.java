package dev.atrium.node.worker.queue;

/**
 * How much may wait for one model.
 *
 * @param places batches that are computed at the same time
 */
public record QueueLimits(int places, int maxCalls, long maxBytes) {}
