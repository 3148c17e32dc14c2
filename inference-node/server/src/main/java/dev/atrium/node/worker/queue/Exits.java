package dev.atrium.node.worker.queue;

/** Where calls go that leave a queue; called without any lock, and must not block. */
public interface Exits<C extends Queued> {
    /** A place is theirs until {@link Turn#end}. */
    void start(Turn<C> turn);

    /** Its deadline cannot be met any more. */
    void tooLate(C call);

    /** {@link ModelQueue#wake} is to be called after this time. */
    void wakeAfter(long nanos);
}
