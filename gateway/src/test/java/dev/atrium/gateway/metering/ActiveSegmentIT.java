package dev.atrium.gateway.metering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atrium.testing.SmallDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

/** Which file records go to, whatever the disk does. */
class ActiveSegmentIT {
    private static final int FULL = 1_600;
    private static final int FULL_WHEN_SICK = 100;
    private static final int DISK = 64 * 1024;
    private static final Duration LOOK = Duration.ofSeconds(2);

    @TempDir private Path folder;

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicLong usable = new AtomicLong(1_000);
    private Segments segments;
    private FolderLock lock;
    private SegmentLedger ledger;
    private JournalHealth health;
    private ActiveSegment segment;

    @BeforeEach
    void begin() throws IOException {
        segments = new Segments(Files.createDirectory(folder.resolve("journal")));
        beginIn(segments.folder());
    }

    private void beginIn(Path journal) throws IOException {
        lock = new FolderLock(journal);
        lock.create();
        ledger =
                new SegmentLedger(
                        segments, new JournalRecovery.Recovered(List.of(), Map.of(), 0, 0, 0));
        health = new JournalHealth(usable::get, DataSize.ofBytes(1_000), nanos::get);
        segment = new ActiveSegment(segments, lock, ledger, health, nanos::get, 1, FULL);
    }

    @AfterEach
    void close() throws IOException {
        segment.file().close();
        lock.giveBack();
    }

    @Test
    void beginsTheNextFileWhenThisOneIsFull() throws IOException {
        SegmentFile first = segment.file();
        append(FULL - 1);
        segment.rollWhenFull();
        long before = segment.file().number();
        append(1);
        segment.rollWhenFull();

        assertThat(before).isEqualTo(1);
        assertThat(first.isTorn()).as("is closed").isTrue();
        assertThat(segment.file().number()).isEqualTo(2);
        assertThat(segment.file().size()).isZero();
        assertThat(ledger.totalBytes()).isEqualTo(FULL);
        assertThat(segments.numbers()).containsExactly(1L, 2L);
    }

    @Test
    void closesSmallerFilesWhileItIsSick() throws IOException {
        append(FULL_WHEN_SICK - 1);
        health.cannotWrite(new IOException("no"));
        segment.rollWhenFull();
        long before = segment.file().number();
        append(1);
        health.cannotWrite(new IOException("no"));
        segment.rollWhenFull();

        assertThat(before).isEqualTo(1);
        assertThat(segment.file().number()).isEqualTo(2);
    }

    @Test
    void takesNoCallsWhileNoFurtherFileCanBeBegunButStillRecords() throws IOException {
        append(FULL);
        block(2);

        segment.rollWhenFull();
        boolean sick = !health.takesCalls() && !health.isHealthy();
        boolean taken = segment.append(ByteBuffer.allocate(10), false);
        unblock(2);
        segment.rollWhenFull();

        assertThat(sick).isTrue();
        assertThat(taken).isTrue();
        assertThat(lock.isHeld()).as("the file that is appended to is in the folder").isTrue();
        assertThat(health.takesCalls()).isTrue();
        assertThat(segment.file().number()).isEqualTo(2);
        assertThat(ledger.totalBytes()).isEqualTo(FULL + 10);
    }

    @Test
    void appendsToTheNextFileWhatABrokenOneDoesNotTake() throws IOException {
        append(10);
        segment.file().giveUp();
        segment.rollWhenFull();
        long before = segment.file().number();

        append(20);

        assertThat(before).as("a broken one is not full").isEqualTo(1);
        assertThat(segment.file().number()).isEqualTo(2);
        assertThat(segment.file().size()).isEqualTo(20);
        assertThat(Files.size(segments.file(1))).isEqualTo(10);
        assertThat(ledger.totalBytes()).isEqualTo(10);
    }

    @Test
    void doesNotTouchAFullFileThatIsBroken() throws IOException {
        append(FULL);
        segment.file().giveUp();

        segment.rollWhenFull();

        assertThat(segment.file().number()).isEqualTo(1);
    }

    @Test
    void letsTheFolderGoWhileNeitherFileCanBeWritten() throws IOException {
        append(10);
        segment.file().giveUp();
        block(2);

        boolean taken = segment.append(ByteBuffer.allocate(10), false);

        assertThat(taken).isFalse();
        assertThat(health.isHealthy()).isFalse();
        assertThat(health.hasJustFailed()).isTrue();
        assertThat(lock.isHeld()).isFalse();
        assertThat(segment.isStuck()).isTrue();
        assertThatThrownBy(() -> segment.file().append(ByteBuffer.allocate(1), false))
                .isInstanceOf(ClosedChannelException.class);
        unblock(2);
        append(10);
        assertThat(lock.isHeld()).isTrue();
        assertThat(segment.isStuck()).isFalse();
        assertThat(health.isHealthy()).isTrue();
    }

    @Test
    void looksNowAndThenWhetherAnybodyWouldFindWhatItWrites() throws IOException {
        append(30);
        Files.delete(segments.file(1));
        append(10);
        pass(LOOK.minusNanos(1));
        segment.lookForName();
        boolean early = Files.exists(segments.file(1));

        pass(Duration.ofNanos(1));
        segment.lookForName();

        assertThat(early).isFalse();
        assertThat(health.takesCalls()).isTrue();
        assertThat(segment.file().number()).isEqualTo(1);
        assertThat(Files.size(segments.file(1))).isEqualTo(40);
    }

    @Test
    void takesNoCallsWhileItsFolderIsGoneAndForgetsNothing() throws IOException {
        append(30);
        Files.delete(segments.file(1));
        Files.delete(segments.folder().resolve("lock"));
        Files.delete(segments.folder());

        pass(LOOK);
        segment.lookForName();
        boolean takes = health.takesCalls();
        append(10);
        segment.tryOut();
        boolean well = health.isHealthy();
        Files.createDirectory(segments.folder());
        segment.tryOut();

        assertThat(takes).isFalse();
        assertThat(well).isFalse();
        assertThat(health.isHealthy()).isTrue();
        assertThat(health.takesCalls()).isTrue();
        assertThat(Files.size(segments.file(1))).isEqualTo(40);
        assertThat(segment.file().number()).isEqualTo(2);
        assertThatThrownBy(() -> new FolderLock(segments.folder()).create())
                .hasMessageContaining("another gateway uses this folder");
    }

    @Test
    void closesNoFileThatNobodyWouldFind() throws IOException {
        append(FULL);
        Files.delete(segments.file(1));

        segment.rollWhenFull();
        append(10);
        Files.delete(segments.file(2));
        segment.close();

        assertThat(Files.size(segments.file(1))).isEqualTo(FULL);
        assertThat(Files.size(segments.file(2))).isEqualTo(10);
    }

    @Test
    void givesUpAFileThatRefusedUnlessTheDiskIsFull() throws IOException {
        onASmallDisk(() -> {
            append(100);
            boolean taken = segment.append(ByteBuffer.allocate(DISK), false);

            assertThat(taken).isFalse();
            assertThat(segment.file().isTorn()).isTrue();
        });
        onASmallDisk(() -> {
            append(100);
            usable.set(0);
            health.lookForRoom();
            boolean taken = segment.append(ByteBuffer.allocate(DISK), false);

            assertThat(taken).isFalse();
            assertThat(segment.file().isTorn()).isFalse();
        });
    }

    @Test
    void forcesToTheDiskWhatHasToBeThere() throws IOException {
        usable.set(0);
        onASmallDisk(() -> {
            health.lookForRoom();
            boolean taken = segment.append(ByteBuffer.allocate(DISK + 1), true);

            assertThat(taken).isFalse();
            assertThat(segment.file().isTorn()).as("nobody knows what is on it").isTrue();
        });
    }

    @Test
    void goesOnWhenTheThreadThatWritesIsInterrupted() throws IOException {
        append(10);

        Thread.currentThread().interrupt();
        boolean taken = segment.append(ByteBuffer.allocate(10), false);
        boolean interrupted = Thread.interrupted();

        assertThat(taken).isFalse();
        assertThat(interrupted).isFalse();
        append(10);
        assertThat(segment.file().number()).isEqualTo(2);
    }

    @Test
    void triesAJournalThatNobodyWritesTo() throws IOException {
        onASmallDisk(() -> {
            append(DISK - 10);
            pass(LOOK);
            segment.tryOut();
            boolean notIdle = health.isHealthy();
            pass(LOOK.minusNanos(1));
            segment.tryOut();
            boolean early = health.isHealthy();
            pass(Duration.ofNanos(1));
            segment.tryOut();

            assertThat(notIdle).isTrue();
            assertThat(early).isTrue();
            assertThat(health.isHealthy()).isFalse();
            assertThat(segment.file().isTorn()).isTrue();
        });
    }

    @Test
    void leavesABrokenFileAloneWhenNobodyWrites() {
        segment.file().giveUp();

        pass(LOOK);
        segment.tryOut();

        assertThat(health.isHealthy()).isTrue();
        assertThat(segment.file().number()).isEqualTo(1);
    }

    @Test
    void findsOutWithoutCallsThatTheDiskIsFull() {
        usable.set(999);

        pass(LOOK);
        segment.tryOut();

        assertThat(health.isHealthy()).isFalse();
    }

    @Test
    void triesTheNextFileUntilOneCanBeWritten() throws IOException {
        append(10);
        segment.file().giveUp();
        block(2);
        boolean taken = segment.append(ByteBuffer.allocate(10), false);
        segment.tryOut();
        boolean early = health.isHealthy();
        unblock(2);

        segment.tryOut();

        assertThat(taken).isFalse();
        assertThat(early).isFalse();
        assertThat(health.isHealthy()).isTrue();
        assertThat(segment.file().number()).isEqualTo(2);
        assertThat(segment.file().size()).isZero();
        assertThat(Files.size(segments.file(2))).isZero();
    }

    @Test
    void triesAnEmptyFileAgainAndBeginsNoOther() throws IOException {
        health.cannotWrite(new IOException("no"));

        segment.tryOut();

        assertThat(health.isHealthy()).isTrue();
        assertThat(segment.file().number()).isEqualTo(1);
    }

    @Test
    void isSickAsLongAsARecordCouldNotBeWritten() throws IOException {
        onASmallDisk(
                DISK / 8,
                () -> {
                    health.cannotWrite(new IOException("no"));

                    segment.tryOut();

                    assertThat(health.isHealthy()).isFalse();
                });
    }

    @Test
    void closesTheFileThatMayFillTheDiskEvenWhereThereIsNoRoom() throws IOException {
        append(10);
        usable.set(0);
        health.lookForRoom();
        boolean takes = health.takesCalls();

        segment.tryOut();

        assertThat(takes).isFalse();
        assertThat(health.isHealthy()).isFalse();
        assertThat(segment.file().number()).isEqualTo(2);
        assertThat(ledger.totalBytes()).isEqualTo(10);
    }

    @Test
    void deletesWhatNobodyNeedsInItsOwnFolderOnly() throws IOException {
        append(FULL);
        segment.rollWhenFull();
        boolean early = segment.hasReleased();
        ledger.release(new JournalPosition(1, FULL));
        boolean has = segment.hasReleased();
        lock.giveBack();
        segment.deleteReleased();
        List<Long> strange = segments.numbers();
        boolean hasStrange = segment.hasReleased();
        lock.take();
        segment.deleteReleased();

        assertThat(early).isFalse();
        assertThat(has).isTrue();
        assertThat(strange).containsExactly(1L, 2L);
        assertThat(hasStrange).isFalse();
        assertThat(segments.numbers()).containsExactly(2L);
    }

    @Test
    void leavesNothingThatIsAcknowledgedWhenItIsClosed() throws IOException {
        append(30);
        ledger.release(new JournalPosition(1, 30));

        segment.close();

        assertThat(segments.numbers()).isEmpty();
        assertThat(segment.file().isTorn()).isTrue();
    }

    @Test
    void leavesWhatIsNotAcknowledgedWhenItIsClosed() throws IOException {
        append(30);
        ledger.release(new JournalPosition(1, 29));

        segment.close();

        assertThat(segments.numbers()).containsExactly(1L);
    }

    @Test
    void leavesAFolderAloneThatIsNotItsOwnWhenItIsClosed() throws IOException {
        append(30);
        ledger.release(new JournalPosition(1, 30));
        lock.giveBack();

        segment.close();

        assertThat(segments.numbers()).containsExactly(1L);
    }

    private interface Steps {
        void run() throws IOException;
    }

    private void onASmallDisk(Steps steps) throws IOException {
        onASmallDisk(DISK, steps);
    }

    private void onASmallDisk(int bytes, Steps steps) throws IOException {
        close();
        Path small = Files.createDirectories(folder.resolve("small"));
        try (SmallDisk disk = SmallDisk.over(small, bytes)) {
            segments = new Segments(small);
            beginIn(small);
            steps.run();
            assertThat(disk.files()).isNotEmpty();
            close();
        }
    }

    private void append(int bytes) {
        assertThat(segment.append(ByteBuffer.allocate(bytes), false)).isTrue();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    /** No file of this number can be begun, as a folder stands in its place. */
    private void block(long number) throws IOException {
        Files.createDirectory(segments.file(number));
    }

    private void unblock(long number) throws IOException {
        Files.delete(segments.file(number));
    }
}
