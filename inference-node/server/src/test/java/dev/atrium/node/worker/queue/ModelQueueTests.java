package dev.atrium.node.worker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is computed when, and with whom. */
class ModelQueueTests {
    private static final long MILLISECOND = 1_000_000;

    @Test
    void startsACallAtOnceWhenAPlaceIsFree() {
        QueueBench bench = new QueueBench(1, 8, QueueBench.JOINING);

        bench.enter("a1");

        assertThat(bench.batches).containsExactly("a1");
        assertThat(bench.wakes).isEmpty();
    }

    @Test
    void computesTogetherWhatHasComeWhileTheLastBatchRan() {
        QueueBench bench = new QueueBench(1, 8, QueueBench.JOINING);
        bench.enterAll("a1", "a2", "b1", "c1");

        bench.endAfter(5);

        assertThat(bench.batches).containsExactly("a1", "b1 c1 a2");
        assertThat(bench.queue.inFlight()).isEqualTo(3);
    }

    @Test
    void joinsOnlyEqualShapesWithinItsBounds() {
        QueueBench bench = new QueueBench(1, 32, QueueBench.JOINING);
        bench.enter("a1");
        bench.queue.enter(new FakeCall("a2").ofRows(5));
        bench.queue.enter(new FakeCall("a3").ofShape("another"));
        bench.queue.enter(new FakeCall("a4").ofRows(4));
        bench.queue.enter(new FakeCall("a5").ofRows(3));
        bench.queue.enter(new FakeCall("a6").ofShape(null));

        for (int i = 0; i < 5; i++) {
            bench.endAfter(5);
        }

        assertThat(bench.batches).containsExactly("a1", "a2 a5", "a3", "a4", "a6");
    }

    @Test
    void boundsABatchInBytes() {
        QueueBench bench = new QueueBench(1, 32, QueueBench.JOINING);
        bench.enter("a1");
        bench.queue.enter(new FakeCall("a2").ofBytes(300));
        bench.queue.enter(new FakeCall("b2").ofBytes(300));
        BatchRules small = new BatchRules(8, 500, Duration.ZERO, List.of(), true);
        QueueBench narrow = new QueueBench(1, 32, small);
        narrow.enter("a1");
        narrow.queue.enter(new FakeCall("a2").ofBytes(300));
        narrow.queue.enter(new FakeCall("b2").ofBytes(300));

        bench.endAfter(5);
        narrow.endAfter(5);

        assertThat(bench.batches).containsExactly("a1", "b2 a2");
        assertThat(narrow.batches).containsExactly("a1", "b2");
    }

    @Test
    void keepsTenantsInBatchesOfTheirOwnWhereItMustNotMixThem() {
        BatchRules apart = new BatchRules(8, 1_000, Duration.ZERO, List.of(), false);
        QueueBench bench = new QueueBench(1, 32, apart);
        bench.enterAll("a1", "a2", "b1", "a3", "b2");

        bench.endAfter(5);
        bench.endAfter(5);

        assertThat(bench.batches).containsExactly("a1", "b1 b2", "a2 a3");
    }

    @Test
    void cutsABatchToTheLargestPreferredSize() {
        BatchRules preferring = new BatchRules(8, 1_000, Duration.ZERO, List.of(4, 2), true);
        QueueBench bench = new QueueBench(1, 32, preferring);
        bench.enterAll("a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8");

        for (int i = 0; i < 3; i++) {
            bench.endAfter(5);
        }

        assertThat(bench.batches).containsExactly("a1", "a2 a3 a4 a5", "a6 a7", "a8");
    }

    @Test
    void leavesRoomForOthersHoweverMuchOneTenantSends() {
        QueueBench bench = new QueueBench(1, 8, BatchRules.alone());
        int entered = 0;
        for (int i = 0; i < 100; i++) {
            entered += bench.enter("a" + i) ? 1 : 0;
        }

        boolean other = bench.enter("b1");

        assertThat(entered).as("one runs, half of the queue waits").isEqualTo(1 + 4);
        assertThat(other).isTrue();
    }

    @Test
    void boundsWhatWaitsInBytes() {
        QueueBench bench = new QueueBench(1, 8, BatchRules.alone());
        bench.enter("a1");
        boolean first = bench.queue.enter(new FakeCall("a2").ofBytes(400));

        boolean second = bench.queue.enter(new FakeCall("a3").ofBytes(400));
        boolean huge = bench.queue.enter(new FakeCall("b1").ofBytes(601));

        assertThat(first).isTrue();
        assertThat(second).isFalse();
        assertThat(huge).isFalse();
    }

    @Test
    void givesNewcomersTheNextTurnBeforeAFlood() {
        QueueBench bench = new QueueBench(1, 100, BatchRules.alone());
        for (int i = 0; i < 50; i++) {
            bench.enter("a" + i);
        }
        bench.endAfter(5);
        bench.enter("b1");

        bench.endAfter(5);

        assertThat(bench.batches).containsExactly("a0", "a1", "b1");
    }

    @Test
    void sharesTimeNotCalls() {
        QueueBench bench = new QueueBench(1, 400, BatchRules.alone());
        for (int i = 0; i < 90; i++) {
            bench.enter("a" + i);
            bench.enter("b" + i);
        }

        for (int i = 0; i < 60; i++) {
            boolean dear = bench.running.peek().calls().getFirst().toString().startsWith("a");
            bench.endAfter(dear ? 30 : 10);
        }

        long dearOnes = bench.batches.stream().filter(batch -> batch.startsWith("a")).count();
        long cheapOnes = bench.batches.stream().filter(batch -> batch.startsWith("b")).count();
        assertThat(cheapOnes).isBetween(dearOnes * 3 - 4, dearOnes * 3 + 4);
    }

    @Test
    void savesUpOnlyABurstForWhoPauses() {
        QueueBench bench = new QueueBench(1, 400, BatchRules.alone());
        bench.enter("b0");
        for (int i = 0; i < 100; i++) {
            bench.enter("a" + i);
        }
        for (int i = 0; i < 40; i++) {
            bench.endAfter(10);
        }

        for (int i = 1; i < 40; i++) {
            bench.enter("b" + i);
        }
        for (int i = 0; i < 30; i++) {
            bench.endAfter(10);
        }

        assertThat(bench.batches.subList(41, 50))
                .as("the burst goes first")
                .allMatch(batch -> batch.startsWith("b"));
        assertThat(bench.batches.subList(51, 71))
                .as("then each has every second turn")
                .filteredOn(batch -> batch.startsWith("b"))
                .hasSize(10);
    }

    @Test
    void doesNotStartWhatCannotBeDoneInTime() {
        QueueBench bench = new QueueBench(1, 8, BatchRules.alone());
        bench.enter("a1");
        bench.endAfter(20 * MILLISECOND);
        bench.enter("a2");
        bench.queue.enter(new FakeCall("a3").until(bench.now + 30 * MILLISECOND));
        bench.enter("b1");

        bench.endAfter(20 * MILLISECOND);
        bench.endAfter(20 * MILLISECOND);

        assertThat(bench.batches).containsExactly("a1", "a2", "b1");
        assertThat(bench.late).containsExactly("a3");
    }

    @Test
    void turnsAwayAtOnceWhatWouldWaitBeyondItsDeadline() {
        QueueBench bench = new QueueBench(1, 100, BatchRules.alone());
        bench.enter("a1");
        bench.endAfter(20 * MILLISECOND);
        for (int i = 2; i < 12; i++) {
            bench.enter("a" + i);
        }

        boolean hopeless =
                bench.queue.enter(new FakeCall("a12").until(bench.now + 100 * MILLISECOND));
        boolean other = bench.queue.enter(new FakeCall("b1").until(bench.now + 100 * MILLISECOND));

        assertThat(hopeless).isFalse();
        assertThat(other).isTrue();
    }

    @Test
    void believesAgainInAModelThatWasSlowForAWhile() {
        QueueBench bench = new QueueBench(1, 8, BatchRules.alone());
        bench.enter("a0");
        bench.endAfter(60_000 * MILLISECOND);

        for (int i = 1; i < 3; i++) {
            bench.queue.enter(new FakeCall("a" + i).until(bench.now + 1_000 * MILLISECOND));
        }

        assertThat(bench.late).containsExactly("a1");
        assertThat(bench.batches).containsExactly("a0", "a2");
    }

    @Test
    void forgetsWhoWithdraws() {
        QueueBench bench = new QueueBench(1, 8, BatchRules.alone());
        FakeCall waiting = new FakeCall("a2");
        bench.enter("a1");
        bench.queue.enter(waiting);

        boolean withdrawn = bench.queue.withdraw(waiting);
        bench.endAfter(5);

        assertThat(withdrawn).isTrue();
        assertThat(bench.batches).containsExactly("a1");
        assertThat(bench.queue.inFlight()).isZero();
        assertThat(bench.queue.withdraw(waiting)).isFalse();
    }

    @Test
    void waitsForCallersToComeBackWhereThatPays() {
        QueueBench bench = waiting();
        bench.enterAll("a0", "a1", "a2", "a3", "a4", "a5", "a6");
        bench.endAfter(20 * MILLISECOND);
        bench.enter("b1");
        bench.endAfter(20 * MILLISECOND);
        assertThat(bench.batches).hasSize(2);
        assertThat(bench.wakes).containsExactly(2 * MILLISECOND);

        bench.enterAll("a1", "a2", "a3", "a4", "a5", "a6");

        assertThat(bench.batches.getLast()).isEqualTo("b1 a1 a2 a3 a4 a5 a6");
    }

    @Test
    void goesOnWithWhatThereIsWhenNobodyComesBack() {
        QueueBench bench = waiting();
        bench.enterAll("a0", "a1", "a2", "a3");
        bench.endAfter(20 * MILLISECOND);
        bench.enter("b1");
        bench.endAfter(20 * MILLISECOND);

        bench.now += 2 * MILLISECOND;
        bench.queue.wake();

        assertThat(bench.batches).containsExactly("a0", "a1 a2 a3", "b1");
    }

    @Test
    void neverHoldsUpASingleCaller() {
        QueueBench bench = waiting();

        for (int i = 0; i < 20; i++) {
            bench.enter("a" + i);
            bench.endAfter(20 * MILLISECOND);
        }

        assertThat(bench.batches).hasSize(20);
        assertThat(bench.wakes).isEmpty();
    }

    private static QueueBench waiting() {
        BatchRules patient = new BatchRules(8, 1_000, Duration.ofMillis(2), List.of(), true);
        return new QueueBench(1, 100, patient);
    }
}
