package dev.atrium.gateway.metering;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.springframework.util.unit.DataSize;

/**
 * Which records are written, which are refused, and which are kept and tried again.
 *
 * <p>When the disk refuses, OPEN records fail, so that no new call is made, and SETTLED records are
 * kept: as many as calls were in flight, which is the bound. Used by whoever holds the writer's
 * lock.
 */
final class EntryWriter {
    private static final int BATCH = 256;

    private final Fsync fsync;
    private final long maxBytes;
    private final ActiveSegment segment;
    private final SegmentLedger ledger;
    private final JournalHealth health;

    /** Used again for every write; a batch has a bound. */
    private ByteBuffer bytes = ByteBuffer.allocate(0);

    private final List<Entry> unwritten = new ArrayList<>();
    private List<Runnable> news = new ArrayList<>(2);
    private volatile int waitingEnds;

    /**
     * @param maxSize of all files; beyond it no call begins
     */
    EntryWriter(
            Fsync fsync,
            DataSize maxSize,
            ActiveSegment segment,
            SegmentLedger ledger,
            JournalHealth health) {
        this.fsync = fsync;
        this.maxBytes = maxSize.toBytes();
        this.segment = segment;
        this.ledger = ledger;
        this.health = health;
    }

    /** Ends that the disk did not take and that are tried again. */
    int waitingEnds() {
        return waitingEnds;
    }

    /**
     * Takes the next records and those that are tried again.
     *
     * @return how many there were
     */
    int write(Queue<Entry> queue) {
        List<Entry> batch = drain(queue);
        segment.rollWhenFull();
        health.lookForRoom();
        List<Entry> fitting = fitting(batch);
        if (fsync == Fsync.ALWAYS) {
            fitting.forEach(entry -> writeTogether(List.of(entry)));
        } else if (!fitting.isEmpty()) {
            writeTogether(fitting);
        }
        waitingEnds = unwritten.size();
        return batch.size();
    }

    /** What to tell those who brought records, which is said when nobody waits for the lock. */
    List<Runnable> takeNews() {
        List<Runnable> taken = news;
        news = new ArrayList<>(2);
        return taken;
    }

    private List<Entry> drain(Queue<Entry> queue) {
        List<Entry> batch = new ArrayList<>(unwritten);
        unwritten.clear();
        Entry entry = queue.poll();
        while (entry != null) {
            batch.add(entry);
            entry = batch.size() < BATCH ? queue.poll() : null;
        }
        return batch;
    }

    private List<Entry> fitting(List<Entry> batch) {
        List<Entry> fitting = new ArrayList<>(batch.size());
        for (Entry entry : batch) {
            if (fits(entry)) {
                fitting.add(entry);
            }
        }
        return fitting;
    }

    /**
     * An end always fits: refusing it would lose a call that was made. What is left of the disk is
     * for the ends, or what waits for them could never be let go.
     */
    private boolean fits(Entry entry) {
        if (entry.frame().type() == Frame.Type.SETTLED) {
            return true;
        }
        if (!health.takesCalls()) {
            refuse(entry, new JournalException.Broken());
            return false;
        }
        if (ledger.totalBytes() + segment.file().size() < maxBytes) {
            return true;
        }
        refuse(entry, new JournalException.Full());
        return false;
    }

    private void refuse(Entry entry, JournalException why) {
        news.add(() -> entry.failed().accept(why));
    }

    private void writeTogether(List<Entry> group) {
        // No call begins while an end waits: so no more can wait than calls were in flight.
        boolean isTooEarly = !unwritten.isEmpty() || health.hasJustFailed();
        if (isTooEarly || !segment.append(encode(group), fsync != Fsync.NEVER)) {
            keep(group);
            return;
        }
        for (Entry entry : group) {
            ledger.written(entry.frame(), segment.file().number());
            news.add(entry.done());
        }
    }

    private ByteBuffer encode(List<Entry> group) {
        int size = 0;
        for (Entry entry : group) {
            size += entry.frame().size();
        }
        if (bytes.capacity() < size) {
            bytes = ByteBuffer.allocate(size);
        }
        bytes.clear();
        for (Entry entry : group) {
            entry.frame().writeTo(bytes);
        }
        return bytes.flip();
    }

    /** Ends are kept and tried again; a call that did not begin must not. */
    private void keep(List<Entry> group) {
        for (Entry entry : group) {
            switch (entry.frame().type()) {
                case OPEN -> refuse(entry, new JournalException.Broken());
                case SETTLED -> unwritten.add(entry);
            }
        }
    }
}
