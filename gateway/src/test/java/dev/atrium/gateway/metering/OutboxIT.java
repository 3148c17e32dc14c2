package dev.atrium.gateway.metering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atrium.registry.api.usage.OpenCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read for the registry, in which order, and what it means that it was taken. */
class OutboxIT {
    private static final int PER_SEGMENT = 6;

    @TempDir Path folder;

    private JournalFiles journal;

    @BeforeEach
    void begin() throws IOException {
        journal = JournalFiles.begin(JournalFiles.settings(folder, PER_SEGMENT, 10_000));
    }

    @AfterEach
    void close() throws IOException {
        journal.crash();
    }

    @Test
    void readsEndsInTheirOrderABatchAtATime() throws IOException {
        List<UUID> calls = JournalFiles.times(10, journal::call);
        Outbox outbox = outbox(List.of());
        List<UUID> shipped = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();

        Shipment next = outbox.next(4, 4);
        while (next.size() > 0) {
            shipped.addAll(JournalFiles.calls(next.settled()));
            sizes.add(next.size());
            outbox.acknowledged();
            next = outbox.next(4, 4);
        }

        assertThat(shipped).isEqualTo(calls);
        assertThat(sizes).containsExactly(4, 4, 2);
    }

    @Test
    void shipsTheSameAgainUntilItIsAcknowledged() throws IOException {
        List<UUID> calls = JournalFiles.times(3, journal::call);
        Outbox outbox = outbox(List.of());

        outbox.next(2, 0);

        assertThat(JournalFiles.calls(outbox.next(2, 0).settled())).isEqualTo(calls.subList(0, 2));
        assertThat(outbox.unshipped()).isEqualTo(3);
        outbox.acknowledged();
        assertThat(outbox.unshipped()).isEqualTo(1);
        assertThat(JournalFiles.calls(outbox.next(2, 0).settled())).isEqualTo(calls.subList(2, 3));
    }

    @Test
    void acknowledgesOnlyWhatWasShipped() throws IOException {
        Outbox outbox = outbox(List.of());
        assertThatThrownBy(outbox::acknowledged).isInstanceOf(IllegalStateException.class);

        outbox.next(1, 1);
        outbox.acknowledged();

        assertThatThrownBy(outbox::acknowledged).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void letsFilesGoOnlyWhenTheCallsOfFormerLivesAreShippedToo() throws IOException {
        JournalFiles.times(8, journal::call);
        List<OpenCall> orphans =
                JournalFiles.times(3, UUID::randomUUID).stream().map(Calls::open).toList();
        Outbox outbox = outbox(orphans);

        Shipment first = outbox.next(100, 2);
        outbox.acknowledged();
        journal.writer().writeWaiting();
        List<Long> kept = journal.files();
        boolean early = outbox.areFormerLivesShipped();
        Shipment second = outbox.next(100, 2);
        outbox.acknowledged();
        journal.writer().writeWaiting();

        assertThat(first.orphans()).isEqualTo(orphans.subList(0, 2));
        assertThat(second.orphans()).isEqualTo(orphans.subList(2, 3));
        assertThat(kept).hasSize(3);
        assertThat(early).isFalse();
        assertThat(outbox.areFormerLivesShipped()).isTrue();
        assertThat(journal.files()).containsExactly(3L);
    }

    @Test
    void formerLivesAreShippedWhenAllTheyLeftIsAcknowledgedAndNotBefore() throws IOException {
        JournalFiles.times(3, journal::call);
        journal = journal.restart();
        journal.call();
        Outbox outbox = outbox(List.of());

        ship(outbox, 2);
        boolean early = outbox.areFormerLivesShipped();
        ship(outbox, 1);

        assertThat(early).isFalse();
        assertThat(outbox.areFormerLivesShipped()).isTrue();
        assertThat(outbox.unshipped()).isEqualTo(1);
    }

    @Test
    void goesOnReadingWhereTheNextLifeWrites() throws IOException {
        List<UUID> calls = new ArrayList<>(JournalFiles.times(5, journal::call));
        journal = journal.restart();
        calls.addAll(JournalFiles.times(5, journal::call));

        JournalReader.Batch all = journal.reader().next(100);

        assertThat(JournalFiles.calls(all.records())).isEqualTo(calls);
        assertThat(all.end())
                .isEqualTo(
                        new JournalPosition(
                                journal.writer().active().number(),
                                journal.writer().active().size()));
    }

    @Test
    void readsRecordsThatLieAcrossWhatItReadsAtOnce() throws IOException {
        journal.crash();
        journal = JournalFiles.begin(JournalFiles.settings(folder, 100_000, 1_000_000));
        List<UUID> calls = JournalFiles.times(60, UUID::randomUUID);
        calls.forEach(call -> journal.append(Frame.Type.SETTLED, call, 59_999));

        assertThat(JournalFiles.calls(journal.reader().next(1_000).records())).isEqualTo(calls);
    }

    @Test
    void readsTheLongestRecordAtTheVeryEnd() throws IOException {
        UUID call = UUID.randomUUID();
        journal.append(Frame.Type.SETTLED, call, Frame.LONGEST_PAYLOAD - 17);

        assertThat(JournalFiles.calls(journal.reader().next(10).records())).containsExactly(call);
    }

    @Test
    void skipsWhatIsNoRecordAnyMore() throws IOException {
        List<UUID> calls = JournalFiles.times(9, journal::call);
        Path first = journal.segments().file(1);
        byte[] content = Files.readAllBytes(first);
        content[3 * JournalFiles.RECORD_BYTES + 50] ^= 1;
        Files.write(first, content);
        Path second = journal.segments().file(2);
        Files.delete(second);

        List<UUID> read = JournalFiles.calls(journal.reader().next(100).records());

        assertThat(read)
                .containsExactly(
                        calls.get(0), calls.get(2), calls.get(6), calls.get(7), calls.get(8));
    }

    @Test
    void findsAgainWhatALifeLeftBehind() throws IOException {
        List<UUID> ended = JournalFiles.times(4, journal::call);
        UUID cut = journal.open();
        journal = journal.restart();

        assertThat(JournalFiles.calls(journal.recovered().orphans())).containsExactly(cut);
        assertThat(journal.recovered().settled()).isEqualTo(ended.size());
        assertThat(journal.recovered().newest()).isEqualTo(2);
        assertThat(journal.recovered().firstSegment()).isEqualTo(1);
        assertThat(journal.recovered().sizes())
                .containsEntry(1L, 6L * JournalFiles.RECORD_BYTES)
                .containsEntry(2L, 3L * JournalFiles.RECORD_BYTES);
        assertThat(journal.writer().active().number()).isEqualTo(3);
    }

    @Test
    void cutsWhatACrashLeftUnfinishedOffTheFile() throws IOException {
        journal.call();
        Path file = journal.segments().file(1);
        journal.crash();
        byte[] content = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(content, content.length - 1));

        journal = JournalFiles.begin(JournalFiles.settings(folder, PER_SEGMENT, 10_000));

        assertThat(Files.size(file)).isEqualTo(JournalFiles.RECORD_BYTES);
        assertThat(journal.recovered().damaged()).isZero();
        assertThat(journal.recovered().orphans()).hasSize(1);
    }

    @Test
    void repairsADamagedFileAndKeepsACopy() throws IOException {
        JournalFiles.times(3, journal::call);
        Path file = journal.segments().file(1);
        journal.crash();
        byte[] content = Files.readAllBytes(file);
        content[JournalFiles.RECORD_BYTES + 30] ^= 1;
        Files.write(file, content);

        journal = JournalFiles.begin(JournalFiles.settings(folder, PER_SEGMENT, 10_000));

        assertThat(Files.size(file)).isEqualTo(5 * JournalFiles.RECORD_BYTES);
        assertThat(journal.recovered().damaged()).isEqualTo(1);
        assertThat(journal.recovered().settled()).isEqualTo(2);
        assertThat(folder.resolve("quarantine")).isDirectoryContaining("glob:**journal-*");
        assertThat(journal.reader().next(10).records()).hasSize(2);
    }

    @Test
    void movesAFileThatCannotBeReadOutOfTheWay() throws IOException {
        JournalFiles.times(3, journal::call);
        journal.crash();
        Files.createDirectory(journal.segments().file(2));

        journal = JournalFiles.begin(JournalFiles.settings(folder, PER_SEGMENT, 10_000));

        assertThat(journal.recovered().damaged()).isEqualTo(1);
        assertThat(journal.recovered().sizes()).containsOnlyKeys(1L);
        assertThat(journal.recovered().newest()).isEqualTo(2);
        assertThat(journal.reader().next(10).records()).hasSize(3);
    }

    @Test
    void beginsBehindTheNewestFileWhereNoneIsLeft() throws IOException {
        assertThat(new JournalRecovery.Recovered(List.of(), Map.of(), 8, 0, 0))
                .extracting(JournalRecovery.Recovered::firstSegment)
                .isEqualTo(9L);
    }

    private void ship(Outbox outbox, int most) throws IOException {
        outbox.next(most, most);
        outbox.acknowledged();
    }

    private Outbox outbox(List<OpenCall> orphans) {
        return new Outbox(
                journal.reader(), journal.writer(), orphans, journal.recovered().settled());
    }
}
