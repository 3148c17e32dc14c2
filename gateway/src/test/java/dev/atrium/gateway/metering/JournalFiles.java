package dev.atrium.gateway.metering;

import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.springframework.util.unit.DataSize;

/** A journal's files as one life of a gateway writes them, without the thread that helps it. */
final class JournalFiles {
    static final int JSON_BYTES = 171;

    /** Of every record here. */
    static final int RECORD_BYTES = 200;

    private final MeteringProperties properties;
    private final Segments segments;
    private final FolderLock lock;
    private final JournalRecovery.Recovered recovered;
    private final JournalWriter writer;
    private final AtomicLong nanos = new AtomicLong();
    private final List<Throwable> failures = new ArrayList<>();

    private JournalFiles(MeteringProperties properties) throws IOException {
        this.properties = properties;
        this.segments = new Segments(properties.journalDir());
        this.lock = new FolderLock(properties.journalDir());
        lock.create();
        this.recovered = new JournalRecovery(segments).recover();
        this.writer = new JournalWriter(properties, segments, lock, recovered, nanos::get);
    }

    /** Settings with room for so many records. */
    static MeteringProperties settings(Path folder, int perSegment, int atMost) {
        return settings(folder, perSegment, atMost, DataSize.ofBytes(0), Fsync.NEVER);
    }

    static MeteringProperties settings(
            Path folder, int perSegment, int atMost, DataSize minFree, Fsync fsync) {
        return new MeteringProperties(
                folder,
                DataSize.ofBytes((long) perSegment * RECORD_BYTES),
                DataSize.ofBytes((long) atMost * RECORD_BYTES),
                minFree,
                fsync,
                Duration.ofMillis(10),
                1_000,
                Duration.ofSeconds(1));
    }

    static JournalFiles begin(MeteringProperties properties) throws IOException {
        return new JournalFiles(properties);
    }

    /** Time stands still but for this. */
    void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    /** The process is dead. */
    void crash() throws IOException {
        writer.active().close();
        lock.giveBack();
    }

    /** The next life, on what this one left. */
    JournalFiles restart() throws IOException {
        crash();
        return new JournalFiles(properties);
    }

    JournalWriter writer() {
        return writer;
    }

    SegmentLedger ledger() {
        return writer.ledger();
    }

    Segments segments() {
        return segments;
    }

    JournalRecovery.Recovered recovered() {
        return recovered;
    }

    List<Throwable> failures() {
        return failures;
    }

    JournalReader reader() {
        return new JournalReader(segments, writer, recovered.firstSegment());
    }

    /** Numbers of the files that are there. */
    List<Long> files() throws IOException {
        return segments.numbers();
    }

    UUID open() {
        UUID call = UUID.randomUUID();
        append(Frame.Type.OPEN, call, JSON_BYTES);
        return call;
    }

    void settle(UUID call) {
        append(Frame.Type.SETTLED, call, JSON_BYTES);
    }

    /** Opens and settles a call, which takes two records. */
    UUID call() {
        UUID call = open();
        settle(call);
        return call;
    }

    void append(Frame.Type type, UUID call, int jsonBytes) {
        append(new Frame(type, call, json(call, jsonBytes)));
    }

    void append(Frame frame) {
        writer.append(entry(frame));
    }

    Entry entry(Frame frame) {
        return new Entry(frame, () -> {}, failures::add);
    }

    /** On an event loop. */
    void open(EventExecutor loop) {
        UUID call = UUID.randomUUID();
        writer.append(entry(new Frame(Frame.Type.OPEN, call, json(call, JSON_BYTES))), loop);
    }

    static byte[] json(UUID call, int bytes) {
        return (call + " ".repeat(bytes - 36)).getBytes(StandardCharsets.US_ASCII);
    }

    static List<UUID> calls(List<byte[]> records) {
        return records.stream()
                .map(record -> new String(record, StandardCharsets.US_ASCII))
                .map(text -> UUID.fromString(text.strip()))
                .toList();
    }

    static List<UUID> times(int times, Supplier<UUID> each) {
        return Stream.generate(each).limit(times).toList();
    }

    /** No file of these numbers can be begun, as a folder stands in its place. */
    void block(long from, long to) throws IOException {
        for (long number = from; number <= to; number++) {
            Files.createDirectory(segments.file(number));
        }
    }

    void unblock(long from, long to) throws IOException {
        for (long number = from; number <= to; number++) {
            Files.deleteIfExists(segments.file(number));
        }
    }
}
