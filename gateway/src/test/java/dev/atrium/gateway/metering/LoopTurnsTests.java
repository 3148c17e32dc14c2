package dev.atrium.gateway.metering;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How often event loops write what has come to them. */
class LoopTurnsTests {
    private final EmbeddedChannel one = new EmbeddedChannel();
    private final EmbeddedChannel other = new EmbeddedChannel();
    private final AtomicInteger writes = new AtomicInteger();
    private final LoopTurns turns = new LoopTurns(writes::incrementAndGet);

    @Test
    void writesOnceForAllThatComesTogether() {
        turns.take(one.eventLoop());
        turns.take(one.eventLoop());
        turns.take(one.eventLoop());
        int before = writes.get();

        one.runPendingTasks();

        assertThat(before).isZero();
        assertThat(writes).hasValue(1);
    }

    @Test
    void writesAgainForWhatComesLater() {
        turns.take(one.eventLoop());
        one.runPendingTasks();

        turns.take(one.eventLoop());
        one.runPendingTasks();

        assertThat(writes).hasValue(2);
    }

    @Test
    void writesAgainForWhatTheWrittenBringsAbout() {
        AtomicInteger rounds = new AtomicInteger();
        LoopTurns[] chained = new LoopTurns[1];
        chained[0] =
                new LoopTurns(() -> {
                    if (rounds.incrementAndGet() < 3) {
                        chained[0].take(one.eventLoop());
                    }
                });

        chained[0].take(one.eventLoop());
        one.runPendingTasks();

        assertThat(rounds).hasValue(3);
    }

    @Test
    void givesEachLoopATurnOfItsOwn() {
        turns.take(one.eventLoop());
        turns.take(other.eventLoop());

        other.runPendingTasks();
        int first = writes.get();
        one.runPendingTasks();

        assertThat(first).isEqualTo(1);
        assertThat(writes).hasValue(2);
    }
}
