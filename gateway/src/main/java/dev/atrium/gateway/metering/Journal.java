package dev.atrium.gateway.metering;

import dev.atrium.gateway.MonotonicClock;
import dev.atrium.registry.api.usage.OpenCall;
import dev.atrium.registry.api.usage.UsageRecord;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/**
 * The gateway's own memory of calls, which a killed process does not lose.
 *
 * <p>Callers go on when their bytes are in the page cache, which takes a few microseconds, or on
 * the disk (see {@link Fsync}), which a thread of the journal waits for: an event loop never does.
 * Those who come together share one system call.
 */
@Component
public class Journal implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final MeteringProperties properties;
    private final MonotonicClock clock;
    private final Segments segments;
    private volatile @Nullable JournalWriter writer;
    private volatile List<OpenCall> orphans = List.of();
    private volatile long firstSegment;
    private volatile boolean formerLivesShipped;
    private volatile long foundSettled;
    private final FolderLock lock;

    Journal(MeteringProperties properties, MonotonicClock clock) {
        this.properties = properties;
        this.clock = clock;
        this.segments = new Segments(properties.journalDir());
        this.lock = new FolderLock(properties.journalDir());
    }

    /**
     * Journals a call before any node hears of it. Completes on this loop once the record is safe;
     * fails with a {@link JournalException} when it is not and the call must not be made. A
     * cancelled subscription does not take the record back.
     */
    public Mono<Void> open(OpenCall call, EventExecutor loop) {
        return Mono.create(sink -> {
            byte[] json = RecordJson.of(call);
            Entry entry =
                    new Entry(
                            new Frame(Frame.Type.OPEN, call.callId(), json),
                            () -> on(loop, sink::success),
                            failure -> on(loop, () -> sink.error(failure)));
            writer().append(entry, loop);
        });
    }

    private static void on(EventExecutor loop, Runnable what) {
        if (loop.inEventLoop()) {
            what.run();
        } else {
            loop.execute(what);
        }
    }

    /**
     * Journals the end of a call; kept in memory and tried again while the disk refuses it.
     *
     * @param loop that the call is on
     */
    public void settle(UsageRecord usage, EventExecutor loop) {
        byte[] json = RecordJson.of(usage);
        Frame frame = new Frame(Frame.Type.SETTLED, usage.callId(), json);
        writer().append(new Entry(frame, () -> {}, failure -> {}), loop);
    }

    /** Whether records are taken: recovered, and the last write went well. */
    public boolean isOpen() {
        JournalWriter current = writer;
        return current != null && current.isHealthy();
    }

    /** Ends of calls that are kept in memory because the disk does not take them. */
    public int waitingEnds() {
        JournalWriter current = writer;
        return current == null ? 0 : current.waitingEnds();
    }

    /** Calls that are OPEN and not SETTLED. */
    public int openCalls() {
        JournalWriter current = writer;
        return current == null ? 0 : current.ledger().openCalls();
    }

    /** Waits until every call that was opened is settled and written down, at most this long. */
    public void awaitNoOpenCalls(Duration longest) throws InterruptedException {
        JournalWriter current = writer;
        if (current != null) {
            current.ledger().awaitNoOpenCalls(longest);
        }
    }

    public long sizeInBytes() {
        JournalWriter current = writer;
        return current == null ? 0 : current.ledger().totalBytes() + current.active().size();
    }

    /** Files that were damaged at the last start, and those that were found damaged since. */
    public int damagedFiles() {
        JournalWriter current = writer;
        return current == null ? 0 : current.ledger().damagedFiles();
    }

    /**
     * Whether the registry has acknowledged everything that the last start found, orphans included.
     */
    public boolean areFormerLivesShipped() {
        return formerLivesShipped;
    }

    void formerLivesAreShipped() {
        formerLivesShipped = true;
    }

    /** Calls that a former life of this gateway left OPEN. */
    List<OpenCall> orphans() {
        return orphans;
    }

    /** SETTLED records that the last start found. */
    long foundSettled() {
        return foundSettled;
    }

    /** The oldest segment that the last start found. */
    long firstSegment() {
        return firstSegment;
    }

    Segments segments() {
        return segments;
    }

    JournalWriter writer() {
        JournalWriter current = writer;
        if (current == null) {
            throw new IllegalStateException("the journal is closed");
        }
        return current;
    }

    @Override
    public void start() {
        try {
            Files.createDirectories(segments.folder());
            lock.create();
            JournalRecovery.Recovered recovered = new JournalRecovery(segments).recover();
            orphans =
                    recovered.orphans().stream()
                            .map(json -> JSON.readValue(json, OpenCall.class))
                            .toList();
            firstSegment = recovered.firstSegment();
            formerLivesShipped = false;
            foundSettled = recovered.settled();
            if (!orphans.isEmpty()) {
                LOG.warn("{} calls were cut off when the gateway died", orphans.size());
            }
            JournalWriter fresh = new JournalWriter(properties, segments, lock, recovered, clock);
            fresh.start();
            writer = fresh;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the journal in " + segments.folder() + " cannot be opened", e);
        }
    }

    @Override
    public void stop() {
        JournalWriter current = writer;
        if (current != null) {
            current.stop();
            writer = null;
        }
        lock.giveBack();
    }

    @Override
    public boolean isRunning() {
        return writer != null;
    }

    /** First to start and last to stop: everything else leaves its traces here. */
    @Override
    public int getPhase() {
        return -10;
    }
}
