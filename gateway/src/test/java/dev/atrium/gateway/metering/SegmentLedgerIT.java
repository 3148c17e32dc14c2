package dev.atrium.gateway.metering;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files nobody needs any more. */
class SegmentLedgerIT {
    @TempDir Path folder;

    private Segments segments;
    private SegmentLedger ledger;

    @BeforeEach
    void leaveFiles() throws IOException {
        segments = new Segments(folder);
        for (long number = 1; number <= 3; number++) {
            Files.write(segments.file(number), new byte[100]);
        }
        ledger =
                new SegmentLedger(
                        segments,
                        new JournalRecovery.Recovered(
                                List.of(), Map.of(1L, 100L, 2L, 100L, 3L, 100L), 3, 7, 0));
    }

    @Test
    void knowsWhatWasFound() {
        assertThat(ledger.totalBytes()).isEqualTo(300);
        assertThat(ledger.settled()).isEqualTo(7);
        assertThat(ledger.openCalls()).isZero();
        assertThat(ledger.hasReleased(4)).isFalse();
    }

    @Test
    void letsAFileGoWhenAllOfItIsAcknowledged() throws IOException {
        ledger.release(new JournalPosition(2, 99));
        ledger.deleteReleased(4);
        List<Long> before = segments.numbers();
        ledger.release(new JournalPosition(2, 100));
        boolean has = ledger.hasReleased(4);
        ledger.deleteReleased(4);

        assertThat(before).containsExactly(2L, 3L);
        assertThat(has).isTrue();
        assertThat(segments.numbers()).containsExactly(3L);
        assertThat(ledger.totalBytes()).isEqualTo(100);
        assertThat(ledger.hasReleased(4)).isFalse();
    }

    @Test
    void keepsTheFileThatIsBeingWritten() throws IOException {
        ledger.release(new JournalPosition(9, 0));

        ledger.deleteReleased(3);

        assertThat(segments.numbers()).containsExactly(3L);
    }

    @Test
    void keepsAFileWhileACallThatWasOpenedInItIsInFlight() throws IOException {
        UUID one = UUID.randomUUID();
        UUID other = UUID.randomUUID();
        ledger.written(frame(Frame.Type.OPEN, one), 2);
        ledger.written(frame(Frame.Type.OPEN, other), 2);
        ledger.release(new JournalPosition(9, 0));

        ledger.deleteReleased(4);
        List<Long> withTwo = segments.numbers();
        ledger.written(frame(Frame.Type.SETTLED, one), 4);
        ledger.deleteReleased(4);
        List<Long> withOne = segments.numbers();
        ledger.written(frame(Frame.Type.SETTLED, other), 4);
        ledger.deleteReleased(4);

        assertThat(withTwo).containsExactly(2L, 3L);
        assertThat(withOne).containsExactly(2L, 3L);
        assertThat(segments.numbers()).isEmpty();
        assertThat(ledger.settled()).isEqualTo(9);
    }

    @Test
    void countsOpenCalls() {
        UUID call = UUID.randomUUID();

        ledger.written(frame(Frame.Type.OPEN, call), 4);
        int open = ledger.openCalls();
        ledger.written(frame(Frame.Type.SETTLED, call), 4);
        ledger.written(frame(Frame.Type.SETTLED, UUID.randomUUID()), 4);

        assertThat(open).isEqualTo(1);
        assertThat(ledger.openCalls()).isZero();
    }

    @Test
    void addsAFileThatIsClosedAndForgetsAnEmptyOneAtOnce() throws IOException {
        SegmentFile full = SegmentFile.create(segments, 4);
        full.append(ByteBuffer.allocate(60), false);
        SegmentFile empty = SegmentFile.create(segments, 5);

        ledger.closed(full);
        ledger.closed(empty);

        assertThat(ledger.totalBytes()).isEqualTo(360);
        assertThat(segments.numbers()).containsExactly(1L, 2L, 3L, 4L);
        full.close();
        empty.close();
    }

    @Test
    void triesAgainToDeleteWhatTheDiskDoesNotLetGo() throws IOException {
        Files.delete(segments.file(2));
        Files.createDirectories(segments.file(2).resolve("inside"));
        ledger.release(new JournalPosition(9, 0));

        ledger.deleteReleased(4);
        boolean stuck = ledger.isStuck();
        List<Long> left = segments.numbers();
        Files.delete(segments.file(2).resolve("inside"));
        ledger.deleteReleased(4);

        assertThat(stuck).isTrue();
        assertThat(left).containsExactly(2L, 3L);
        assertThat(ledger.isStuck()).isFalse();
        assertThat(segments.numbers()).isEmpty();
    }

    @Test
    void waitsAtMostAsLongAsItMayForCallsThatAreOpen() throws InterruptedException {
        ledger.written(frame(Frame.Type.OPEN, UUID.randomUUID()), 4);
        long begun = System.nanoTime();

        ledger.awaitNoOpenCalls(Duration.ofMillis(30));

        assertThat(System.nanoTime() - begun).isGreaterThanOrEqualTo(30_000_000L);
    }

    @Test
    void goesOnAsSoonAsNoCallIsOpen() throws Exception {
        UUID call = UUID.randomUUID();
        ledger.awaitNoOpenCalls(Duration.ofHours(1));
        ledger.written(frame(Frame.Type.OPEN, call), 4);
        CompletableFuture<Void> waiting =
                CompletableFuture.runAsync(() -> {
                    try {
                        ledger.awaitNoOpenCalls(Duration.ofHours(1));
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
        ledger.written(frame(Frame.Type.SETTLED, call), 4);

        waiting.get(30, TimeUnit.SECONDS);
        assertThat(ledger.openCalls()).isZero();
    }

    private static Frame frame(Frame.Type type, UUID call) {
        return new Frame(type, call, new byte[0]);
    }
}
