package dev.atrium.gateway.metering;

import dev.atrium.registry.api.usage.OpenCall;
import dev.atrium.registry.api.usage.ShipUsage;
import dev.atrium.registry.api.usage.UsageRecord;
import dev.atrium.simulation.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/** A gateway's journal on a real folder, without the thread that writes. */
public final class SimulatedJournal {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final ObjectWriter OPEN = JSON.writerFor(OpenCall.class);
    private static final ObjectWriter SETTLED = JSON.writerFor(UsageRecord.class);

    private final MeteringProperties properties;
    private final Segments segments;
    private final FolderLock lock;
    private JournalWriter writer;
    private Outbox outbox;

    public SimulatedJournal(Path folder) {
        this.properties =
                Settings.of(
                        MeteringProperties.class,
                        "atrium.gateway.metering",
                        Map.of(
                                "journal-dir",
                                folder.toString(),
                                "segment-size",
                                "16KB",
                                "max-size",
                                "64MB",
                                "ship-batch",
                                100));
        this.segments = new Segments(folder);
        this.lock = new FolderLock(folder);
    }

    /** A new life, which begins with what the former one left. */
    public void start() {
        try {
            Files.createDirectories(segments.folder());
            lock.create();
            JournalRecovery.Recovered recovered = new JournalRecovery(segments).recover();
            if (recovered.damaged() > 0) {
                throw new IllegalStateException("a crash looks like damage");
            }
            List<OpenCall> orphans =
                    recovered.orphans().stream()
                            .map(json -> JSON.readValue(json, OpenCall.class))
                            .toList();
            writer = new JournalWriter(properties, segments, lock, recovered, System::nanoTime);
            outbox =
                    new Outbox(
                            new JournalReader(segments, writer, recovered.firstSegment()),
                            writer,
                            orphans,
                            recovered.settled());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void open(OpenCall call, Runnable done, Consumer<Throwable> failed) {
        append(Frame.Type.OPEN, call.callId(), OPEN.writeValueAsBytes(call), done, failed);
    }

    public void settle(UsageRecord usage) {
        append(
                Frame.Type.SETTLED,
                usage.callId(),
                SETTLED.writeValueAsBytes(usage),
                () -> {},
                failure -> {});
    }

    private void append(
            Frame.Type type,
            java.util.UUID call,
            byte[] json,
            Runnable done,
            Consumer<Throwable> failed) {
        writer.append(new Entry(new Frame(type, call, json), done, failed));
    }

    /** A round of the writer's thread. */
    public void write() {
        writer.writeWaiting();
    }

    public ShipUsage next(int most) {
        try {
            return JSON.readValue(outbox.next(most, most).json(), ShipUsage.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void acknowledged() {
        outbox.acknowledged();
    }

    public boolean areFormerLivesShipped() {
        return outbox.areFormerLivesShipped();
    }

    public long unshipped() {
        return outbox.unshipped();
    }

    public int openCalls() {
        return writer.ledger().openCalls();
    }

    /**
     * The process is dead: what waited is lost.
     *
     * @param torn whether it died in the middle of a write
     */
    public void crash(boolean torn) {
        try {
            if (torn) {
                Frame cut = new Frame(Frame.Type.SETTLED, new java.util.UUID(0, 0), new byte[99]);
                ByteBuffer bytes = ByteBuffer.allocate(cut.size());
                cut.writeTo(bytes);
                writer.active().append(bytes.flip().limit(60), false);
            }
            writer.active().close();
            lock.giveBack();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The disk is lost as well; after a crash. */
    public void lose() {
        try (Stream<Path> files = Files.list(segments.folder())) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
