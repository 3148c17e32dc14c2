package dev.atrium.gateway.metering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.util.unit.DataSize;

/** Which files there are, and what is refused, kept and let go, whatever the disk does. */
class JournalWriterIT {
    private static final Duration RETRY = Duration.ofMillis(200);
    private static final Duration LOOK = Duration.ofSeconds(2);

    @TempDir Path folder;

    private JournalFiles journal;

    @AfterEach
    void close() throws IOException {
        if (journal != null) {
            journal.crash();
        }
    }

    @Test
    void beginsANewFileWhenOneIsFull() throws IOException {
        begin(4, 100);

        JournalFiles.times(2, journal::call);
        List<Long> full = journal.files();
        journal.open();

        assertThat(full).containsExactly(1L);
        assertThat(journal.files()).containsExactly(1L, 2L);
        assertThat(Files.size(journal.segments().file(1))).isEqualTo(4 * JournalFiles.RECORD_BYTES);
        assertThat(journal.writer().active().size()).isEqualTo(JournalFiles.RECORD_BYTES);
        assertThat(journal.ledger().totalBytes()).isEqualTo(4 * JournalFiles.RECORD_BYTES);
    }

    @Test
    void refusesCallsWhenItIsFullAndNeverTheEndOfOne() throws IOException {
        begin(4, 8);
        List<UUID> calls = JournalFiles.times(8, journal::open);
        assertThat(journal.failures()).isEmpty();

        journal.open();
        calls.forEach(journal::settle);

        assertThat(journal.failures()).singleElement().isInstanceOf(JournalException.Full.class);
        assertThat(journal.ledger().settled()).isEqualTo(8);
        assertThat(journal.ledger().openCalls()).isZero();
        assertThat(journal.writer().isHealthy()).isTrue();
    }

    @Test
    void takesCallsAgainWhenWhatIsAcknowledgedWasLetGo() throws IOException {
        begin(4, 8);
        JournalFiles.times(8, journal::open).forEach(journal::settle);
        journal.open();

        journal.writer().release(journal.reader().next(100).end());
        journal.writer().writeWaiting();
        journal.open();

        assertThat(journal.failures()).hasSize(1);
        assertThat(journal.files().getFirst()).isGreaterThan(1);
    }

    @Test
    void keepsTheFileOfACallInFlightAndAllAfterIt() throws IOException {
        begin(4, 100);
        UUID inFlight = journal.open();
        JournalFiles.times(6, journal::call);
        journal.writer().release(journal.reader().next(100).end());
        journal.writer().writeWaiting();
        List<Long> kept = journal.files();

        journal.settle(inFlight);
        journal.writer().release(journal.reader().next(100).end());
        journal.writer().writeWaiting();

        assertThat(kept).containsExactly(1L, 2L, 3L, 4L);
        assertThat(journal.files()).containsExactly(4L);
    }

    @Test
    void keepsWhatIsNotAcknowledged() throws IOException {
        begin(4, 100);
        JournalFiles.times(8, journal::call);

        journal.writer().release(journal.reader().next(3).end());
        journal.writer().writeWaiting();

        assertThat(journal.files()).first().isEqualTo(2L);
    }

    @Test
    void leavesTheLastRoomOfTheDiskToTheEndsOfCalls() throws IOException {
        journal =
                JournalFiles.begin(
                        JournalFiles.settings(
                                folder, 16, 100, DataSize.ofTerabytes(1_000_000), Fsync.NEVER));

        UUID call = journal.open();
        journal.settle(call);

        assertThat(journal.failures()).singleElement().isInstanceOf(JournalException.Broken.class);
        assertThat(journal.writer().isHealthy()).isFalse();
        assertThat(journal.ledger().settled()).isEqualTo(1);
        assertThat(journal.ledger().openCalls()).isZero();
        assertThat(journal.writer().waitingEnds()).isZero();
    }

    @Test
    void takesEndsButNoCallsWhenNoFurtherFileCanBeBegun() throws IOException {
        begin(4, 100);
        List<UUID> calls = JournalFiles.times(4, journal::open);
        journal.block(2, 20);

        journal.settle(calls.getFirst());
        journal.open();
        boolean healthy = journal.writer().isHealthy();
        journal.unblock(2, 20);
        journal.settle(calls.getLast());
        journal.open();

        assertThat(healthy).isFalse();
        assertThat(journal.failures()).singleElement().isInstanceOf(JournalException.Broken.class);
        assertThat(journal.ledger().settled()).isEqualTo(2);
        assertThat(journal.writer().isHealthy()).isTrue();
        assertThat(journal.ledger().openCalls()).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource(Fsync.class)
    void keepsTheEndsThatTheDiskRefusesUntilItTakesThem(Fsync fsync) throws IOException {
        journal =
                JournalFiles.begin(
                        JournalFiles.settings(folder, 16, 100, DataSize.ofBytes(0), fsync));
        List<UUID> calls = JournalFiles.times(3, journal::open);
        journal.writer().writeWaiting();
        journal.block(2, 20);
        journal.writer().active().close();

        calls.forEach(journal::settle);
        journal.writer().writeWaiting();
        journal.open();
        journal.writer().writeWaiting();

        assertThat(journal.writer().waitingEnds()).isEqualTo(3);
        assertThat(journal.writer().isHealthy()).isFalse();
        assertThat(journal.failures()).singleElement().isInstanceOf(JournalException.Broken.class);
        assertThat(journal.ledger().settled()).isZero();

        journal.unblock(2, 20);
        journal.pass(RETRY);
        journal.writer().writeWaiting();
        assertThat(journal.writer().waitingEnds()).isZero();
        assertThat(JournalFiles.calls(journal.reader().next(10).records()))
                .containsExactlyElementsOf(calls);
        assertThat(journal.writer().isHealthy()).isTrue();
        assertThat(journal.ledger().openCalls()).isZero();
    }

    @Test
    void asksADiskThatRefusedAgainOnlyAfterAWhile() throws IOException {
        begin(16, 100);
        UUID call = journal.open();
        journal.block(2, 2);
        journal.writer().active().close();
        journal.settle(call);
        journal.unblock(2, 2);

        journal.pass(RETRY.minusNanos(1));
        journal.writer().writeWaiting();
        int tooEarly = journal.writer().waitingEnds();
        journal.pass(Duration.ofNanos(1));
        journal.writer().writeWaiting();

        assertThat(tooEarly).isEqualTo(1);
        assertThat(journal.writer().waitingEnds()).isZero();
        assertThat(journal.ledger().settled()).isEqualTo(1);
    }

    @Test
    void findsOutByItselfThatTheDiskTakesRecordsAgain() throws IOException {
        begin(16, 100);
        journal.open();
        journal.block(2, 2);
        journal.writer().active().close();
        journal.open();
        boolean refused = journal.writer().isHealthy();
        journal.writer().writeWaiting();
        boolean stillRefused = journal.writer().isHealthy();

        journal.unblock(2, 2);
        journal.writer().writeWaiting();

        assertThat(refused).isFalse();
        assertThat(stillRefused).isFalse();
        assertThat(journal.writer().isHealthy()).isTrue();
        assertThat(journal.writer().active().number()).isEqualTo(2);
        assertThat(journal.writer().active().size()).isZero();
        assertThat(Files.size(journal.segments().file(2))).isZero();
    }

    @Test
    void letsTheFolderGoWhileNothingCanBeWritten() throws IOException {
        begin(16, 100);
        journal.open();
        journal.block(2, 2);
        journal.writer().active().close();

        journal.open();

        FolderLock other = new FolderLock(folder);
        other.take();
        assertThat(other.isHeld()).isTrue();
        other.giveBack();
    }

    @Test
    void doesNotBreakOffWhenTheThreadThatBringsARecordIsInterrupted() throws IOException {
        begin(16, 100);
        UUID call = journal.open();

        Thread.currentThread().interrupt();
        journal.settle(call);
        boolean interrupted = Thread.interrupted();

        assertThat(interrupted).isFalse();
        journal.pass(RETRY);
        journal.writer().writeWaiting();
        assertThat(JournalFiles.calls(journal.reader().next(10).records())).containsExactly(call);
    }

    @Test
    void writesWhatWaitsAndLeavesNothingBehindWhenItStops() throws IOException {
        journal =
                JournalFiles.begin(
                        JournalFiles.settings(folder, 4, 100, DataSize.ofBytes(0), Fsync.GROUP));
        JournalFiles.times(5, journal::call);
        boolean written = journal.ledger().settled() > 0;
        journal.writer().start();
        await().until(() -> journal.ledger().settled() == 5);
        journal.writer().release(journal.reader().next(100).end());

        journal.writer().stop();

        assertThat(written).isFalse();
        assertThat(journal.files()).isEmpty();
        assertThat(journal.failures()).isEmpty();
    }

    @Test
    void letsGoWhatIsAcknowledgedWithoutBeingAskedTwice() throws IOException {
        begin(4, 100);
        journal.writer().start();
        JournalFiles.times(5, journal::call);

        journal.writer().release(journal.reader().next(100).end());

        await().until(() -> journal.files().equals(List.of(3L)));
        journal.writer().stop();
    }

    @Test
    void writesMoreThanFitsIntoOneRound() throws IOException {
        journal =
                JournalFiles.begin(
                        JournalFiles.settings(
                                folder, 10_000, 100_000, DataSize.ofBytes(0), Fsync.GROUP));
        List<UUID> calls = JournalFiles.times(300, journal::call);

        journal.writer().writeWaiting();
        long afterOne = journal.ledger().settled();
        journal.writer().writeWaiting();
        journal.writer().writeWaiting();

        assertThat(afterOne).isEqualTo(128);
        assertThat(JournalFiles.calls(journal.reader().next(1_000).records()))
                .containsExactlyElementsOf(calls);
    }

    @Test
    void writesOnALoopWhenTheLoopIsThroughWithWhatCameTogether() throws IOException {
        begin(16, 100);
        EmbeddedChannel channel = new EmbeddedChannel();
        journal.open(channel.eventLoop());
        journal.open(channel.eventLoop());
        int before = journal.ledger().openCalls();

        channel.runPendingTasks();

        assertThat(before).isZero();
        assertThat(journal.ledger().openCalls()).isEqualTo(2);
    }

    @Test
    void writesAtOnceWhereTheLoopDoesNotComeRoundAgain() throws Exception {
        begin(16, 100);
        EventLoop loop = new DefaultEventLoop();

        journal.open(loop);
        int fromOutside = journal.ledger().openCalls();
        int atItsEnd =
                loop.submit(
                                () -> {
                                    loop.shutdownGracefully(0, 10, TimeUnit.SECONDS);
                                    journal.open(loop);
                                    return journal.ledger().openCalls();
                                })
                        .get();

        assertThat(fromOutside).isEqualTo(1);
        assertThat(atItsEnd).isEqualTo(2);
    }

    @Test
    void leavesWhatHasToBeOnTheDiskToItsThread() throws IOException {
        journal =
                JournalFiles.begin(
                        JournalFiles.settings(folder, 16, 100, DataSize.ofBytes(0), Fsync.GROUP));
        EmbeddedChannel channel = new EmbeddedChannel();

        journal.open(channel.eventLoop());
        channel.runPendingTasks();
        int before = journal.ledger().openCalls();
        long pause = journal.writer().pauseNanos();
        journal.writer().writeWaiting();

        assertThat(before).isZero();
        assertThat(pause).as("there is something to do").isZero();
        assertThat(journal.ledger().openCalls()).isEqualTo(1);
    }

    @Test
    void restsUntilTheNextLookWhenThereIsNothingToDo() throws IOException {
        begin(4, 100);
        journal.call();

        assertThat(journal.writer().pauseNanos()).isEqualTo(LOOK.toNanos());
    }

    @Test
    void doesNotRestWhileFilesCanGo() throws IOException {
        begin(4, 100);
        JournalFiles.times(3, journal::call);

        journal.writer().release(journal.reader().next(100).end());
        long pause = journal.writer().pauseNanos();
        journal.writer().writeWaiting();

        assertThat(pause).isZero();
        assertThat(journal.writer().pauseNanos()).isEqualTo(LOOK.toNanos());
    }

    @Test
    void looksSoonAgainAsLongAsTheDiskRefusesAnything() throws IOException {
        begin(16, 100);
        UUID call = journal.open();
        journal.block(2, 2);
        journal.writer().active().close();

        journal.settle(call);
        long whileAnEndWaits = journal.writer().pauseNanos();
        journal.unblock(2, 2);
        journal.pass(RETRY);
        journal.writer().writeWaiting();

        assertThat(whileAnEndWaits).isEqualTo(RETRY.toNanos());
        assertThat(journal.writer().pauseNanos()).isEqualTo(LOOK.toNanos());
    }

    @Test
    void looksSoonAgainAsLongAsAFileCannotBeDeleted() throws IOException {
        begin(4, 100);
        JournalFiles.times(3, journal::call);
        Files.delete(journal.segments().file(1));
        Files.createDirectories(journal.segments().file(1).resolve("inside"));

        journal.writer().release(new JournalPosition(2, 0));
        journal.writer().writeWaiting();

        assertThat(journal.writer().pauseNanos()).isEqualTo(RETRY.toNanos());
        Files.delete(journal.segments().file(1).resolve("inside"));
    }

    private void begin(int perSegment, int atMost) throws IOException {
        journal = JournalFiles.begin(JournalFiles.settings(folder, perSegment, atMost));
    }
}
