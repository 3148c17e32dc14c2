package dev.atrium.node.worker;

import dev.atrium.node.api.NodeUsage;
import java.util.concurrent.CompletableFuture;

/** One computation on its way through a worker. */
public interface Call {
    /**
     * The complete answer, or an {@link dev.atrium.node.engine.EngineException}. May come before
     * {@link #ended} when the deadline passes and the worker still computes.
     */
    CompletableFuture<Answer> answer();

    /** Completes, never exceptionally, when the worker has no hand in the call any more. */
    CompletableFuture<Ending> ended();

    /** The caller wants no answer any more. */
    void cancel();

    /** What was used so far, as far as the worker said. */
    NodeUsage usage();
}
