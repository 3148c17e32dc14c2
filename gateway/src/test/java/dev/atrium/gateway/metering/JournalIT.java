package dev.atrium.gateway.metering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.atrium.registry.api.usage.OpenCall;
import dev.atrium.registry.api.usage.UsageRecord;
import io.netty.channel.DefaultEventLoopGroup;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.json.JsonMapper;

class JournalIT {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir Path folder;
    @TempDir Path copies;

    private final List<Journal> opened = new ArrayList<>();

    @AfterEach
    void closeAll() {
        opened.forEach(Journal::stop);
    }

    @ParameterizedTest
    @EnumSource(Fsync.class)
    void readsBackEverySettledCallInOrder(Fsync fsync) throws IOException {
        Journal journal = open(folder, fsync, 4_096, 1_000_000);
        List<OpenCall> calls = openCalls(journal, 50);

        calls.forEach(call -> journal.settle(Calls.settled(call), ImmediateEventExecutor.INSTANCE));

        awaitSettled(journal, 50);
        assertThat(settledIn(journal)).containsExactlyElementsOf(settled(calls));
        assertThat(journal.openCalls()).isZero();
    }

    @Test
    void writesOnALoopWhenTheLoopIsThroughWithWhatCameTogether() throws Exception {
        Journal journal = open(folder, Fsync.NEVER, 100_000, 1_000_000);
        EventLoopGroup loops = new DefaultEventLoopGroup(1);
        try {
            EventLoop loop = loops.next();
            List<Boolean> written = new CopyOnWriteArrayList<>();

            int atOnce =
                    loop.submit(
                                    () -> {
                                        for (int i = 0; i < 2; i++) {
                                            journal.open(Calls.open(UUID.randomUUID()), loop)
                                                    .doOnSuccess(
                                                            done -> written.add(loop.inEventLoop()))
                                                    .subscribe();
                                        }
                                        return written.size();
                                    })
                            .get();

            assertThat(atOnce).isZero();
            await().untilAsserted(() -> assertThat(written).containsExactly(true, true));
            assertThat(journal.openCalls()).isEqualTo(2);
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).get();
        }
    }

    @Test
    void knowsAfterACrashWhichCallsWereCutOff() throws IOException {
        Journal journal = open(folder, Fsync.NEVER, 2_048, 1_000_000);
        List<OpenCall> calls = openCalls(journal, 30);
        calls.subList(0, 20)
                .forEach(call ->
                        journal.settle(Calls.settled(call), ImmediateEventExecutor.INSTANCE));
        awaitSettled(journal, 20);

        Journal next = open(crashed(folder), Fsync.NEVER, 2_048, 1_000_000);

        assertThat(next.orphans()).containsExactlyElementsOf(calls.subList(20, 30));
        assertThat(settledIn(next)).containsExactlyElementsOf(settled(calls.subList(0, 20)));
        assertThat(next.damagedFiles()).isZero();
    }

    @Test
    void leavesNothingBehindWhenEverythingWasAcknowledged() {
        Journal journal = open(folder, Fsync.NEVER, 2_048, 1_000_000);
        openCalls(journal, 40)
                .forEach(call ->
                        journal.settle(Calls.settled(call), ImmediateEventExecutor.INSTANCE));
        awaitSettled(journal, 40);

        acknowledgeAll(journal);
        journal.stop();

        assertThat(segmentsIn(folder)).isEmpty();
    }

    @Test
    void keepsTheSegmentOfACallInFlightAndAllAfterIt() {
        Journal journal = open(folder, Fsync.NEVER, 2_048, 1_000_000);
        OpenCall inFlight = openCalls(journal, 1).getFirst();
        openCalls(journal, 40)
                .forEach(call ->
                        journal.settle(Calls.settled(call), ImmediateEventExecutor.INSTANCE));
        awaitSettled(journal, 40);
        int before = segmentsIn(folder).size();

        acknowledgeAll(journal);
        Journal next = open(crashed(folder), Fsync.NEVER, 2_048, 1_000_000);

        assertThat(segmentsIn(folder)).hasSizeGreaterThanOrEqualTo(before);
        assertThat(next.orphans()).containsExactly(inFlight);
        journal.settle(Calls.settled(inFlight), ImmediateEventExecutor.INSTANCE);
        awaitSettled(journal, 41);
        acknowledgeAll(journal);
        await().until(() -> segmentsIn(folder).size() == 1);
    }

    @Test
    void refusesNewCallsWhenFullButNeverTheEndOfOne() {
        Journal journal = open(folder, Fsync.NEVER, 2_048, 6_000);
        List<OpenCall> calls = new ArrayList<>();

        assertThatThrownBy(
                        () -> {
                            for (int i = 0; i < 100; i++) {
                                calls.addAll(openCalls(journal, 1));
                            }
                        })
                .isInstanceOf(JournalException.Full.class);

        assertThat(calls).hasSizeBetween(5, 50);
        calls.forEach(call -> journal.settle(Calls.settled(call), ImmediateEventExecutor.INSTANCE));
        awaitSettled(journal, calls.size());
        acknowledgeAll(journal);
        await().ignoreExceptions()
                .untilAsserted(() -> assertThat(openCalls(journal, 1)).hasSize(1));
    }

    @Test
    void waitsUntilEveryCallThatWasOpenedIsWrittenDownAsSettled() throws Exception {
        Journal journal = open(folder, Fsync.NEVER, 1_000_000, 10_000_000);
        List<OpenCall> calls = openCalls(journal, 200);

        journal.awaitNoOpenCalls(Duration.ofMillis(50));
        int afterItsTime = journal.openCalls();
        calls.forEach(call -> journal.settle(Calls.settled(call), ImmediateEventExecutor.INSTANCE));
        journal.awaitNoOpenCalls(Duration.ofSeconds(10));

        assertThat(afterItsTime).isEqualTo(200);
        assertThat(journal.openCalls()).isZero();
        assertThat(settledIn(journal)).hasSize(200);
    }

    @Test
    void refusesAFolderThatAnotherGatewayUses() {
        open(folder, Fsync.NEVER, 2_048, 1_000_000);

        assertThatThrownBy(() -> open(folder, Fsync.NEVER, 2_048, 1_000_000))
                .isInstanceOf(UncheckedIOException.class)
                .hasRootCauseMessage("another gateway uses this folder; give each its own");
    }

    @Test
    void refusesNewCallsAndKeepsEndsWhileTheDiskRefuses() throws IOException {
        Journal journal = open(folder, Fsync.NEVER, 100_000, 1_000_000);
        List<OpenCall> calls = openCalls(journal, 2);
        // The next segment cannot be created where a folder of its name stands, and an interrupted
        // write closes the file it was for.
        for (long next = 2; next < 12; next++) {
            Files.createDirectories(journal.segments().file(next));
        }

        Thread.currentThread().interrupt();
        calls.forEach(call -> journal.settle(Calls.settled(call), ImmediateEventExecutor.INSTANCE));
        await().until(() -> !journal.isOpen());
        assertThatThrownBy(() -> openCalls(journal, 1)).isInstanceOf(JournalException.Broken.class);

        for (long next = 2; next < 12; next++) {
            Files.delete(journal.segments().file(next));
        }
        awaitSettled(journal, 2);
        assertThat(journal.isOpen()).isTrue();
        assertThat(settledIn(journal)).containsExactlyElementsOf(settled(calls));
    }

    @Test
    void cutsARecordThatACrashLeftUnfinished() throws IOException {
        Journal journal = open(folder, Fsync.NEVER, 100_000, 1_000_000);
        List<OpenCall> calls = openCalls(journal, 3);
        Path copy = crashed(folder);
        Path segment = segmentsIn(copy).getFirst();
        byte[] content = Files.readAllBytes(segment);
        Files.write(segment, Arrays.copyOf(content, content.length - 5));

        Journal next = open(copy, Fsync.NEVER, 100_000, 1_000_000);

        assertThat(next.orphans()).containsExactlyElementsOf(calls.subList(0, 2));
        assertThat(next.damagedFiles()).isZero();
        assertThat(copy.resolve("quarantine")).doesNotExist();
    }

    @Test
    void quarantinesADamagedFileAndKeepsItsGoodRecords() throws IOException {
        Journal journal = open(folder, Fsync.NEVER, 100_000, 1_000_000);
        List<OpenCall> calls = openCalls(journal, 3);
        Path copy = crashed(folder);
        Path segment = segmentsIn(copy).getFirst();
        byte[] content = Files.readAllBytes(segment);
        content[content.length / 2] ^= 0x10;
        Files.write(segment, content);

        Journal next = open(copy, Fsync.NEVER, 100_000, 1_000_000);

        assertThat(next.orphans()).containsExactly(calls.get(0), calls.get(2));
        assertThat(next.damagedFiles()).isEqualTo(1);
        try (Stream<Path> kept = Files.list(copy.resolve("quarantine"))) {
            assertThat(Files.readAllBytes(kept.findFirst().orElseThrow())).isEqualTo(content);
        }
    }

    /**
     * Any crash leaves a prefix of what was written; any prefix must give back every whole record
     * of it, and nothing else. Bit flips and garbage must never stop the start or invent a record.
     */
    @Test
    void survivesEveryCrashAndDamageItIsShown() throws IOException {
        long seed = 20_261_122;
        Random random = new Random(seed);
        Journal journal = open(folder, Fsync.NEVER, 3_000, 1_000_000);
        List<OpenCall> calls = openCalls(journal, 24);
        List<OpenCall> ended = calls.stream().filter(call -> random.nextInt(3) > 0).toList();
        ended.forEach(call -> journal.settle(Calls.settled(call), ImmediateEventExecutor.INSTANCE));
        awaitSettled(journal, ended.size());
        Set<UUID> known = new HashSet<>(calls.stream().map(OpenCall::callId).toList());

        for (int round = 0; round < 150; round++) {
            Path copy = crashed(folder);
            boolean damage = round % 2 == 1;
            spoil(copy, random, damage);
            Journal next = open(copy, Fsync.NEVER, 3_000, 1_000_000);

            Set<UUID> settled = ids(settledIn(next));
            Set<UUID> orphans =
                    new HashSet<>(next.orphans().stream().map(OpenCall::callId).toList());
            String context = "seed " + seed + " round " + round;
            assertThat(known).as(context).containsAll(settled).containsAll(orphans);
            assertThat(settled).as(context).noneMatch(orphans::contains);
            if (!damage) {
                assertThat(next.damagedFiles()).as(context).isZero();
                assertWholePrefix(calls, ended, settled, orphans, context);
            }
            openCalls(next, 1);
            next.stop();
        }
    }

    /** Records were written OPEN first in order, then SETTLED in order: a prefix has that shape. */
    private static void assertWholePrefix(
            List<OpenCall> calls,
            List<OpenCall> ended,
            Set<UUID> settled,
            Set<UUID> orphans,
            String context) {
        int opens = settled.size() + orphans.size();
        assertThat(settled)
                .as(context)
                .isEqualTo(
                        new HashSet<>(
                                ended.subList(0, settled.size()).stream()
                                        .map(OpenCall::callId)
                                        .toList()));
        if (!settled.isEmpty()) {
            assertThat(opens).as(context).isEqualTo(calls.size());
        }
    }

    private void spoil(Path copy, Random random, boolean damage) throws IOException {
        List<Path> segments = segmentsIn(copy);
        int last = random.nextInt(segments.size());
        for (int later = last + 1; later < segments.size() && !damage; later++) {
            Files.delete(segments.get(later));
        }
        Path segment = segments.get(last);
        byte[] content = Files.readAllBytes(segment);
        if (!damage) {
            Files.write(segment, Arrays.copyOf(content, random.nextInt(content.length + 1)));
            return;
        }
        if (content.length < 2) {
            // The newest file, just begun: there is nothing to damage yet.
            return;
        }
        switch (random.nextInt(3)) {
            case 0 -> content[random.nextInt(content.length)] ^= (byte) (1 << random.nextInt(8));
            case 1 ->
                    Arrays.fill(
                            content,
                            random.nextInt(content.length / 2),
                            content.length / 2 + random.nextInt(content.length / 2),
                            (byte) random.nextInt());
            default -> random.nextBytes(content);
        }
        Files.write(segment, content);
    }

    private Journal open(Path at, Fsync fsync, long segmentBytes, long maxBytes) {
        Journal journal =
                new Journal(
                        new MeteringProperties(
                                at,
                                DataSize.ofBytes(segmentBytes),
                                DataSize.ofBytes(Math.max(maxBytes, 2 * segmentBytes)),
                                DataSize.ofBytes(0),
                                fsync,
                                Duration.ofMillis(10),
                                1_000,
                                Duration.ofSeconds(1)),
                        System::nanoTime);
        journal.start();
        opened.add(journal);
        return journal;
    }

    private static List<OpenCall> openCalls(Journal journal, int count) {
        List<OpenCall> calls = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            OpenCall call = Calls.open(UUID.randomUUID());
            journal.open(call, ImmediateEventExecutor.INSTANCE).block(Duration.ofSeconds(5));
            calls.add(call);
        }
        return calls;
    }

    private static void awaitSettled(Journal journal, int count) {
        await().until(() -> journal.writer().ledger().settled() >= count);
    }

    private static List<UsageRecord> settledIn(Journal journal) throws IOException {
        return new JournalReader(journal.segments(), journal.writer(), journal.firstSegment())
                .next(10_000).records().stream()
                        .map(json -> JSON.readValue(json, UsageRecord.class))
                        .toList();
    }

    private static void acknowledgeAll(Journal journal) {
        try {
            journal.writer()
                    .release(
                            new JournalReader(
                                            journal.segments(),
                                            journal.writer(),
                                            journal.firstSegment())
                                    .next(10_000)
                                    .end());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<UsageRecord> settled(List<OpenCall> calls) {
        return calls.stream().map(Calls::settled).toList();
    }

    private static Set<UUID> ids(List<UsageRecord> records) {
        return new HashSet<>(records.stream().map(UsageRecord::callId).toList());
    }

    /** What a killed process leaves: the files as they are at this moment. */
    private Path crashed(Path from) {
        try {
            Path copy = Files.createTempDirectory(copies, "crashed");
            for (Path segment : segmentsIn(from)) {
                Files.copy(
                        segment,
                        copy.resolve(segment.getFileName()),
                        StandardCopyOption.REPLACE_EXISTING);
            }
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> segmentsIn(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".journal"))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
