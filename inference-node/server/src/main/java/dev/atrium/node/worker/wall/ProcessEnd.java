package dev.atrium.node.worker.wall;

import java.util.concurrent.CompletableFuture;

/**
 * The end of a process, waited for by a thread of its own. {@link Process#onExit} tells it through
 * the common pool, which has a single thread on two cores: whatever keeps that busy would keep the
 * death of a worker from being noticed.
 */
public final class ProcessEnd {
    private ProcessEnd() {}

    /** Completes when the process is gone and its exit code known. */
    public static CompletableFuture<Process> of(Process process) {
        CompletableFuture<Process> end = new CompletableFuture<>();
        Thread.ofVirtual().name("end-of-" + process.pid()).start(() -> await(process, end));
        return end;
    }

    private static void await(Process process, CompletableFuture<Process> end) {
        try {
            process.waitFor();
            end.complete(process);
        } catch (InterruptedException e) {
            end.completeExceptionally(e);
        }
    }
}
