package dev.atrium.node.worker;

/** The worker ended before it had done what was asked. */
public final class WorkerDiedException extends RuntimeException {
    private final WorkerDeath death;

    public WorkerDiedException(WorkerDeath death) {
        super("the worker " + death.cause());
        this.death = death;
    }

    public WorkerDeath death() {
        return death;
    }
}
