package dev.atrium.gateway.metering;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

/** When a gateway calls its journal sick, and when well again. */
class JournalHealthTests {
    private static final IOException FAILURE = new IOException("no");

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE);
    private final AtomicLong usable = new AtomicLong(1_000);
    private final AtomicLong asked = new AtomicLong();
    private final JournalHealth health =
            new JournalHealth(
                    () -> {
                        asked.incrementAndGet();
                        return usable.get();
                    },
                    DataSize.ofBytes(1_000),
                    nanos::get);

    @Test
    void takesCallsWhereThereIsAsMuchRoomAsHasToBeLeft() {
        health.lookForRoom();

        assertThat(health.isRoomy()).isTrue();
        assertThat(health.takesCalls()).isTrue();
        assertThat(health.isHealthy()).isTrue();
    }

    @Test
    void takesNoCallsWhereThereIsLess() {
        usable.set(999);

        health.lookForRoom();
        boolean beforeACall = health.isHealthy();

        assertThat(health.takesCalls()).isFalse();
        assertThat(health.isRoomy()).isFalse();
        assertThat(beforeACall).as("nobody was refused yet").isTrue();
        assertThat(health.isHealthy()).isFalse();
    }

    @Test
    void asksTheDiskAtOnceAndThenOnlyNowAndThen() {
        health.lookForRoom();
        usable.set(0);

        health.lookForRoom();
        pass(Duration.ofMillis(10).minusNanos(1));
        health.lookForRoom();
        boolean early = health.isRoomy();
        pass(Duration.ofNanos(1));
        health.lookForRoom();

        assertThat(early).isTrue();
        assertThat(health.isRoomy()).isFalse();
        assertThat(asked).hasValue(2);
    }

    @Test
    void takesNoCallsUntilAFileCouldBeBegun() {
        health.cannotBegin(FAILURE);
        boolean sick = health.takesCalls();
        health.written();
        boolean afterAnEnd = health.isHealthy();
        health.began();
        boolean afterAFile = health.isHealthy();
        health.written();

        assertThat(sick).isFalse();
        assertThat(afterAnEnd).as("a record alone says nothing of files").isFalse();
        assertThat(afterAFile).as("a file alone says nothing of records").isFalse();
        assertThat(health.takesCalls()).isTrue();
        assertThat(health.isHealthy()).isTrue();
    }

    @Test
    void isSickUntilARecordIsWrittenWhereThereIsRoom() {
        health.cannotWrite(FAILURE);
        boolean sick = health.isHealthy();
        usable.set(0);
        health.lookForRoom();
        health.written();
        boolean withoutRoom = health.isHealthy();
        usable.set(5_000);
        pass(Duration.ofSeconds(1));
        health.lookForRoom();
        health.written();

        assertThat(sick).isFalse();
        assertThat(withoutRoom).isFalse();
        assertThat(health.isHealthy()).isTrue();
    }

    @Test
    void leavesADiskThatRefusedAloneForAWhile() {
        boolean atFirst = health.hasJustFailed();
        health.cannotWrite(FAILURE);
        boolean atOnce = health.hasJustFailed();
        pass(Duration.ofMillis(200).minusNanos(1));
        boolean early = health.hasJustFailed();
        pass(Duration.ofNanos(1));

        assertThat(atFirst).isFalse();
        assertThat(atOnce).isTrue();
        assertThat(early).isTrue();
        assertThat(health.hasJustFailed()).isFalse();
    }

    @Test
    void asksItAtOnceWhenThereIsNoLater() {
        health.cannotWrite(FAILURE);

        health.forgetFailure();

        assertThat(health.hasJustFailed()).isFalse();
        assertThat(health.isHealthy()).isFalse();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
