package dev.atrium.node.worker.queue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** A queue whose clock stands still unless a test moves it, and what has left it. */
final class QueueBench implements Exits<FakeCall> {
    static final BatchRules JOINING = new BatchRules(8, 1_000, Duration.ZERO, List.of(), true);

    final ModelQueue<FakeCall> queue;
    final Deque<Turn<FakeCall>> running = new ArrayDeque<>();
    final List<String> batches = new ArrayList<>();
    final List<String> late = new ArrayList<>();
    final List<Long> wakes = new ArrayList<>();
    long now;

    QueueBench(int places, int maxCalls, BatchRules rules) {
        queue = new ModelQueue<>(new QueueLimits(places, maxCalls, 1_000), rules, () -> now, this);
    }

    boolean enter(String name) {
        return queue.enter(new FakeCall(name));
    }

    void enterAll(String... names) {
        Arrays.stream(names).forEach(this::enter);
    }

    /**
     * The batch that has run longest ends after so many nanoseconds, each call having cost them.
     */
    void endAfter(long nanos) {
        now += nanos;
        Turn<FakeCall> turn = running.remove();
        double[] costs = new double[turn.calls().size()];
        Arrays.fill(costs, nanos);
        turn.end(costs);
    }

    @Override
    public void start(Turn<FakeCall> turn) {
        running.add(turn);
        batches.add(
                turn.calls().stream().map(FakeCall::toString).reduce((a, b) -> a + " " + b).get());
    }

    @Override
    public void tooLate(FakeCall call) {
        late.add(call.toString());
    }

    @Override
    public void wakeAfter(long nanos) {
        wakes.add(nanos);
    }
}
