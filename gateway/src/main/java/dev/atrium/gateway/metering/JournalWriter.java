package dev.atrium.gateway.metering;

import dev.atrium.gateway.MonotonicClock;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who writes the journal, and when: where records are not forced to the disk, the threads that
 * bring them, one at a time; else a thread of its own, which also tries again and lets go what
 * nobody needs.
 *
 * <p>The queue needs no bound of its own: a call has at most two records in it, and the calls in
 * flight are bounded. A process that dies before the ends that wait could be written leaves their
 * OPEN behind, which the registry settles from the node's record.
 */
final class JournalWriter {
    private static final Logger LOG = LoggerFactory.getLogger(JournalWriter.class);

    private final Fsync fsync;
    private final SegmentLedger ledger;
    private final JournalHealth health;
    private final ActiveSegment segment;
    private final EntryWriter entries;
    private final Queue<Entry> queue = new ConcurrentLinkedQueue<>();
    private final LoopTurns turns = new LoopTurns(this::writeHere);
    private final WriterThread thread =
            new WriterThread(this::writeWaiting, this::pauseNanos, this::writeLast);

    /** Held by whoever writes; guards the entries' writer, the segment and the ledger. */
    private final ReentrantLock writing = new ReentrantLock();

    JournalWriter(
            MeteringProperties properties,
            Segments segments,
            FolderLock lock,
            JournalRecovery.Recovered recovered,
            MonotonicClock clock)
            throws IOException {
        this.fsync = properties.fsync();
        this.health = new JournalHealth(segments::usableBytes, properties.minFree(), clock);
        this.ledger = new SegmentLedger(segments, recovered);
        this.segment =
                new ActiveSegment(
                        segments,
                        lock,
                        ledger,
                        health,
                        clock,
                        recovered.newest() + 1,
                        properties.segmentSize().toBytes());
        this.entries = new EntryWriter(fsync, properties.maxSize(), segment, ledger, health);
    }

    void start() {
        thread.start();
    }

    /** Takes a record over; whoever brings it is told on whatever thread writes it. */
    void append(Entry entry) {
        queue.add(entry);
        if (fsync == Fsync.NEVER) {
            writeHere();
        } else {
            thread.wake();
        }
    }

    /** The same on an event loop, which writes when it is through with what has arrived. */
    void append(Entry entry, EventExecutor loop) {
        if (fsync != Fsync.NEVER || !loop.inEventLoop() || loop.isShuttingDown()) {
            append(entry);
            return;
        }
        queue.add(entry);
        turns.take(loop);
    }

    /**
     * The page cache takes a record sooner than another thread wakes up: whoever comes first writes
     * for all who come meanwhile, and nobody waits for the lock.
     */
    private void writeHere() {
        while (!queue.isEmpty() && writing.tryLock()) {
            List<Runnable> told;
            try {
                entries.write(queue);
                if (entries.waitingEnds() > 0 || !health.isHealthy()) {
                    thread.wake();
                }
            } finally {
                told = entries.takeNews();
                writing.unlock();
            }
            told.forEach(Runnable::run);
        }
    }

    /** Says that everything before this place is acknowledged and may go. */
    void release(JournalPosition position) {
        ledger.release(position);
        thread.wake();
    }

    boolean isHealthy() {
        return health.isHealthy();
    }

    /** Ends that the disk did not take and that are tried again. */
    int waitingEnds() {
        return entries.waitingEnds();
    }

    SegmentLedger ledger() {
        return ledger;
    }

    /** The segment being written. */
    SegmentFile active() {
        return segment.file();
    }

    /** Writes what is waiting and ends. */
    void stop() {
        thread.stop();
    }

    /** One round of the writer's thread: writes what waits, lets go what nobody needs. */
    void writeWaiting() {
        List<Runnable> told;
        writing.lock();
        try {
            segment.lookForName();
            if (entries.write(queue) == 0) {
                segment.tryOut();
            }
            segment.deleteReleased();
        } finally {
            told = entries.takeNews();
            writing.unlock();
        }
        told.forEach(Runnable::run);
    }

    /** How long the writer's thread has nothing to do unless somebody wakes it. */
    long pauseNanos() {
        if (!queue.isEmpty()) {
            return 0;
        }
        long pause;
        writing.lock();
        try {
            pause = pauseWhenNothingWaits();
        } finally {
            writing.unlock();
        }
        // Asked again: who brought a record meanwhile found the lock taken and went away.
        return queue.isEmpty() ? pause : 0;
    }

    private long pauseWhenNothingWaits() {
        if (segment.hasReleased()) {
            return 0;
        }
        boolean isToTryAgain =
                segment.isStuck() || entries.waitingEnds() > 0 || !health.isHealthy();
        return isToTryAgain ? JournalHealth.RETRY_NANOS : ActiveSegment.LOOK_NANOS;
    }

    private void writeLast() {
        do {
            health.forgetFailure();
            writeWaiting();
        } while (!queue.isEmpty());
        if (entries.waitingEnds() > 0) {
            LOG.error(
                    "{} ended calls could not be journalled; the registry will settle them from"
                            + " the nodes' records",
                    entries.waitingEnds());
        }
        writing.lock();
        try {
            segment.close();
        } finally {
            writing.unlock();
        }
    }
}
