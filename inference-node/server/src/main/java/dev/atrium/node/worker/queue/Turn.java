package dev.atrium.node.worker.queue;

import dev.atrium.node.worker.queue.FairOrder.Entry;
import java.util.List;

/** Calls that are computed together, and the place they have for it until {@link #end}. */
public final class Turn<C extends Queued> {
    private final ModelQueue<C> queue;
    private final List<Entry<C>> entries;
    private final List<C> calls;
    private final long startedNanos;

    Turn(ModelQueue<C> queue, List<Entry<C>> entries, long startedNanos) {
        this.queue = queue;
        this.entries = entries;
        this.calls = entries.stream().map(entry -> entry.call).toList();
        this.startedNanos = startedNanos;
    }

    public List<C> calls() {
        return calls;
    }

    /** How long the call waited that has this place in {@link #calls}. */
    public long waitedNanos(int call) {
        return startedNanos - entries.get(call).enteredNanos;
    }

    /**
     * Gives the place back; once.
     *
     * @param costs of each call, in a unit that is the same for all calls of the model
     */
    public void end(double[] costs) {
        queue.ended(this, costs);
    }

    List<Entry<C>> entries() {
        return entries;
    }

    long startedNanos() {
        return startedNanos;
    }

    public long rows() {
        return calls.stream().mapToLong(Queued::rows).sum();
    }
}
