package dev.atrium.node.worker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Five tenants and a model of 20 ms fixed work, in virtual time: calls come at random (Poisson),
 * every batch takes as long as any other.
 */
class FloodTests {
    private static final long WORK = 20_000_000;
    private static final long LENGTH = 60_000_000_000L;
    private static final double SHARE_PER_SECOND = 10;
    private static final double OF_SHARE = 0.7;
    private static final int FLOOD = 50;
    private static final long DEADLINE = 20_000_000_000L;

    /** Moments at which something happens. */
    private record Event(long nanos, String tenant) {}

    /** One run: calls come, and batches end. */
    private static final class Run implements Exits<FakeCall> {
        private final PriorityQueue<Event> events =
                new PriorityQueue<>(Comparator.comparingLong(Event::nanos));
        private final ModelQueue<FakeCall> queue;
        private final Map<FakeCall, Long> entered = new HashMap<>();
        private final List<Long> neighboursWaits = new ArrayList<>();
        private final List<Turn<FakeCall>> turns = new ArrayList<>();
        private long now;
        private int answered;

        Run(BatchRules rules, long seed, double ofFifth, double scale) {
            queue = new ModelQueue<>(new QueueLimits(1, 512, 1 << 20), rules, () -> now, this);
            Random dice = new Random(seed);
            for (String tenant : List.of("a", "b", "c", "d", "e")) {
                double times = tenant.equals("e") ? ofFifth : OF_SHARE;
                double perSecond = times * SHARE_PER_SECOND * scale;
                long end = (long) (LENGTH / Math.sqrt(scale));
                double due = 0;
                while (due < end) {
                    due -= Math.log(1 - dice.nextDouble()) / perSecond * 1e9;
                    events.add(new Event((long) due, tenant));
                }
            }
        }

        Run run() {
            while (!events.isEmpty()) {
                Event event = events.poll();
                now = event.nanos();
                if (event.tenant().isEmpty()) {
                    Turn<FakeCall> turn = turns.removeFirst();
                    answered += turn.calls().size();
                    double part = (double) WORK / turn.calls().size();
                    turn.end(turn.calls().stream().mapToDouble(call -> part).toArray());
                } else {
                    FakeCall call = new FakeCall(event.tenant()).until(now + DEADLINE);
                    entered.put(call, now);
                    queue.enter(call);
                }
            }
            return this;
        }

        @Override
        public void start(Turn<FakeCall> turn) {
            for (FakeCall call : turn.calls()) {
                long waited = now - entered.get(call);
                if (!call.toString().equals("e")) {
                    neighboursWaits.add(waited);
                }
            }
            turns.add(turn);
            events.add(new Event(now + WORK, ""));
        }

        @Override
        public void tooLate(FakeCall call) {}

        @Override
        public void wakeAfter(long nanos) {
            throw new AssertionError("no delay is configured");
        }

        double p99() {
            List<Long> sorted = neighboursWaits.stream().sorted().toList();
            return sorted.get((int) (sorted.size() * 0.99));
        }
    }

    @Test
    void movesNeighboursByAFifthAtMostWhereCallsAreComputedOneByOne() {
        assertThat(medianRatio(BatchRules.alone(), 1)).isLessThan(1.2);
    }

    @Test
    void movesNeighboursByAFifthAtMostWhereTheyShareBatches() {
        BatchRules joining = new BatchRules(8, 1 << 20, Duration.ZERO, List.of(), true);

        assertThat(medianRatio(joining, 8)).isLessThan(1.2);
    }

    @Test
    void answersAsManyAsEverAtTenTimesItsCapacity() {
        Run flood = new Run(BatchRules.alone(), 1, FLOOD, 1).run();

        assertThat(flood.answered).isGreaterThan((int) (0.99 * LENGTH / WORK));
    }

    /**
     * @param scale how many times as many calls all send
     */
    private static double medianRatio(BatchRules rules, double scale) {
        return IntStream.range(0, 5)
                .mapToDouble(seed -> {
                    double quiet = new Run(rules, seed, OF_SHARE, scale).run().p99();
                    return new Run(rules, seed, FLOOD, scale).run().p99() / quiet;
                })
                .sorted()
                .toArray()[2];
    }
}
