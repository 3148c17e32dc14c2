package dev.atrium.node.worker.queue;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A call as the queue sees it; none of this ever changes. */
public interface Queued {
    /** Who called, and so whose turn it takes. */
    UUID tenant();

    /** Memory that it holds while it waits. */
    long bytes();

    /** How much work it is, in units that the model's calls have in common; at least 1. */
    int rows();

    /** Calls with equal keys can be computed together; null for one that is always alone. */
    @Nullable Object joinKey();

    /** By {@link System#nanoTime}. */
    long deadlineNanos();
}
