package dev.atrium.node.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Places and the queue before them. */
class GateTests {
    private final Gate gate = new Gate(1, 2);
    private final List<String> admitted = new ArrayList<>();

    @Test
    void admitsInOrderAsPlacesBecomeFree() {
        gate.enter(() -> admitted.add("a"));
        gate.enter(() -> admitted.add("b"));
        gate.enter(() -> admitted.add("c"));
        assertThat(admitted).containsExactly("a");

        gate.leave();
        gate.leave();

        assertThat(admitted).containsExactly("a", "b", "c");
        assertThat(gate.inFlight()).isEqualTo(1);
    }

    @Test
    void turnsAwayWhoFindsTheQueueFull() {
        gate.enter(() -> admitted.add("a"));
        gate.enter(() -> admitted.add("b"));
        gate.enter(() -> admitted.add("c"));

        boolean entered = gate.enter(() -> admitted.add("d"));

        assertThat(entered).isFalse();
        assertThat(gate.inFlight()).isEqualTo(3);
    }

    @Test
    void forgetsWhoWithdraws() {
        Runnable waiting = () -> admitted.add("b");
        gate.enter(() -> admitted.add("a"));
        gate.enter(waiting);

        boolean withdrawn = gate.withdraw(waiting);
        gate.leave();

        assertThat(withdrawn).isTrue();
        assertThat(admitted).containsExactly("a");
        assertThat(gate.inFlight()).isZero();
        assertThat(gate.withdraw(waiting)).isFalse();
    }
}
