package dev.atrium.gateway.metering;

import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the journal: where records are not forced to the disk, on the threads that bring them, one
 * at a time; else on a thread of its own, which also tries again and lets go what nobody needs.
 *
 * <p>The queue needs no bound of its own: a call has at most two records in it, and the calls in
 * flight are bounded. When the disk refuses, OPEN records fail, so that no new call is made, and
 * SETTLED records are kept and tried again: as many as calls were in flight, which is the bound. A
 * process that dies before they could be written leaves their OPEN behind, which the registry
 * settles from the node's record.
 */
final class JournalWriter {
    private static final Logger LOG = LoggerFactory.getLogger(JournalWriter.class);
    private static final int BATCH = 256;
    private static final long RETRY_NANOS = 200_000_000L;
    private static final long LOOK_NANOS = 2_000_000_000L;

    private final MeteringProperties properties;
    private final Segments segments;
    private final FolderLock lock;
    private final SegmentLedger ledger;
    private final JournalHealth health;
    private final ConcurrentLinkedQueue<Entry> queue = new ConcurrentLinkedQueue<>();

    private final Map<EventExecutor, Turn> turns = new ConcurrentHashMap<>();

    /** Held by whoever writes; guards everything about the active file. */
    private final ReentrantLock writing = new ReentrantLock();

    private final List<Entry> unwritten = new ArrayList<>();
    private List<Runnable> news = new ArrayList<>(2);
    private final Thread thread;
    private volatile boolean stopping;
    private volatile boolean idle;
    private volatile int waitingEnds;
    private long lookedAt = System.nanoTime();
    private long lookedAtSize;
    private long failedAt = System.nanoTime() - RETRY_NANOS;
    private volatile SegmentFile active;

    JournalWriter(
            MeteringProperties properties,
            Segments segments,
            FolderLock lock,
            JournalRecovery.Recovered recovered)
            throws IOException {
        this.properties = properties;
        this.segments = segments;
        this.lock = lock;
        this.health = new JournalHealth(segments, properties.minFree());
        this.ledger = new SegmentLedger(segments, recovered);
        this.active = SegmentFile.create(segments, recovered.newest() + 1);
        this.thread = Thread.ofPlatform().name("atrium-journal").daemon().unstarted(this::run);
    }

    /** An event loop's turn to write; used on that loop only. */
    private final class Turn implements Runnable {
        private final EventExecutor loop;
        private boolean isDue;

        Turn(EventExecutor loop) {
            this.loop = loop;
        }

        void take() {
            if (!isDue) {
                isDue = true;
                loop.execute(this);
            }
        }

        @Override
        public void run() {
            isDue = false;
            writeHere();
        }
    }

    private record Entry(Frame frame, Runnable done, Consumer<Throwable> failed) {}

    void start() {
        thread.start();
    }

    /** Takes a frame over; one of the two callbacks is called, on whatever thread writes it. */
    void append(Frame frame, Runnable done, Consumer<Throwable> failed) {
        queue.add(new Entry(frame, done, failed));
        if (properties.fsync() == Fsync.NEVER) {
            writeHere();
        } else {
            wake();
        }
    }

    /**
     * The same on an event loop, which writes when it is through with what has arrived: what comes
     * together shares one system call.
     */
    void append(Frame frame, Runnable done, Consumer<Throwable> failed, EventExecutor loop) {
        if (properties.fsync() != Fsync.NEVER || !loop.inEventLoop() || loop.isShuttingDown()) {
            append(frame, done, failed);
            return;
        }
        queue.add(new Entry(frame, done, failed));
        turns.computeIfAbsent(loop, Turn::new).take();
    }

    /**
     * The page cache takes a record sooner than another thread wakes up: whoever comes first writes
     * for all who come meanwhile, and nobody waits for the lock.
     */
    private void writeHere() {
        while (!queue.isEmpty() && writing.tryLock()) {
            List<Runnable> told;
            try {
                write(drain());
                if (!unwritten.isEmpty() || !health.isHealthy()) {
                    wake();
                }
            } finally {
                told = takeNews();
                writing.unlock();
            }
            told.forEach(Runnable::run);
        }
    }

    /** What to tell those who brought records, which is said when nobody waits for the lock. */
    private List<Runnable> takeNews() {
        List<Runnable> taken = news;
        news = new ArrayList<>(2);
        return taken;
    }

    /** Says that everything before this place is acknowledged and may go. */
    void release(JournalPosition position) {
        ledger.release(position);
        wake();
    }

    boolean isHealthy() {
        return health.isHealthy();
    }

    /** Ends that the disk did not take and that are tried again. */
    int waitingEnds() {
        return waitingEnds;
    }

    SegmentLedger ledger() {
        return ledger;
    }

    /** The segment being written. */
    SegmentFile active() {
        return active;
    }

    /** Writes what is waiting and ends. */
    void stop() {
        stopping = true;
        LockSupport.unpark(thread);
        try {
            thread.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void wake() {
        if (idle) {
            LockSupport.unpark(thread);
        }
    }

    private void run() {
        while (true) {
            writeWaiting();
            if (stopping && queue.isEmpty()) {
                close();
                return;
            }
            if (queue.isEmpty()) {
                park();
            }
        }
    }

    /** One round of the writer's thread: writes what waits, lets go what nobody needs. */
    void writeWaiting() {
        List<Runnable> told;
        writing.lock();
        try {
            List<Entry> batch = drain();
            write(batch);
            if (batch.isEmpty() && !health.isHealthy()) {
                tryOut();
            } else if (batch.isEmpty()) {
                lookWhenIdle();
            }
            if (lock.isHeld()) {
                ledger.deleteReleased(active.number());
            }
        } finally {
            told = takeNews();
            writing.unlock();
        }
        told.forEach(Runnable::run);
    }

    private void park() {
        idle = true;
        // Looked at again after raising the flag, or a wake-up in between would be lost.
        boolean stuck = ledger.isStuck() || !lock.isHeld();
        if (queue.isEmpty() && !stopping && (stuck || !ledger.hasReleased(active.number()))) {
            if (stuck || waitingEnds > 0 || !health.isHealthy()) {
                LockSupport.parkNanos(this, RETRY_NANOS);
            } else {
                LockSupport.parkNanos(this, LOOK_NANOS);
            }
        }
        idle = false;
    }

    private List<Entry> drain() {
        List<Entry> batch = new ArrayList<>(unwritten);
        unwritten.clear();
        Entry entry = queue.poll();
        while (entry != null) {
            batch.add(entry);
            entry = batch.size() < BATCH ? queue.poll() : null;
        }
        return batch;
    }

    private void write(List<Entry> batch) {
        rollWhenLarge();
        health.lookForRoom();
        List<Entry> fitting = fitting(batch);
        if (properties.fsync() == Fsync.ALWAYS) {
            fitting.forEach(entry -> writeTogether(List.of(entry)));
        } else if (!fitting.isEmpty()) {
            writeTogether(fitting);
        }
        waitingEnds = unwritten.size();
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
        if (ledger.totalBytes() + active.size() < properties.maxSize().toBytes()) {
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
        if (!unwritten.isEmpty() || hasJustFailed()) {
            keep(group);
            return;
        }
        try {
            if (active.isTorn()) {
                roll();
            }
            active.append(encode(group), properties.fsync() != Fsync.NEVER);
        } catch (IOException e) {
            refuse(group, e);
            return;
        }
        health.written();
        for (Entry entry : group) {
            ledger.written(entry.frame(), active.number());
            news.add(entry.done());
        }
    }

    /** A gateway without calls must not look ready on a folder that takes none. */
    private void lookWhenIdle() {
        long now = System.nanoTime();
        if (now - lookedAt < LOOK_NANOS) {
            return;
        }
        boolean isIdle = active.size() == lookedAtSize;
        lookedAt = now;
        lookedAtSize = active.size();
        if (!isIdle || active.isTorn()) {
            return;
        }
        health.lookForRoom();
        try {
            if (health.takesCalls()) {
                active.tryOut();
            }
        } catch (IOException e) {
            refuse(List.of(), e);
        }
    }

    /**
     * Nobody sends calls to a gateway that is not ready, so it finds out by itself. In a new file,
     * for what is acknowledged of the old one may be all that fills the disk.
     */
    private void tryOut() {
        try {
            if (active.isTorn() || active.size() > 0) {
                roll();
            }
            if (health.isRoomy()) {
                active.tryOut();
                health.written();
            }
        } catch (IOException e) {
            LOG.debug("the journal still cannot be written", e);
        }
    }

    /**
     * Before anything is refused for want of room: only a closed segment can be let go, so an
     * active one that fills the journal by itself would keep it full for ever.
     */
    private void rollWhenLarge() {
        long full = properties.segmentSize().toBytes() / (health.isHealthy() ? 1 : 16);
        if (active.size() >= full && !active.isTorn()) {
            try {
                roll();
            } catch (IOException e) {
                health.cannotBegin(e);
            }
        }
    }

    private void roll() throws IOException {
        SegmentFile fresh;
        try {
            lock.take();
            fresh = SegmentFile.create(segments, active.number() + 1);
        } catch (IOException e) {
            letGo();
            throw e;
        }
        health.began();
        ledger.closed(active);
        active.close();
        active = fresh;
    }

    /** No file can be begun and none appended to: nothing stays open, so it can be repaired. */
    private void letGo() throws IOException {
        if (active.isTorn()) {
            active.close();
            lock.giveBack();
        }
    }

    private static ByteBuffer encode(List<Entry> group) {
        int size = 0;
        for (Entry entry : group) {
            size += entry.frame().size();
        }
        ByteBuffer bytes = ByteBuffer.allocate(size);
        for (Entry entry : group) {
            entry.frame().writeTo(bytes);
        }
        return bytes.flip();
    }

    private void refuse(List<Entry> group, IOException cause) {
        // An interrupted thread may never write again; nobody has a reason to interrupt this one.
        if (Thread.interrupted()) {
            LOG.warn("the journal's thread was interrupted; it goes on");
        }
        health.cannotWrite(cause);
        failedAt = System.nanoTime();
        if (health.isRoomy()) {
            active.giveUp();
        }
        keep(group);
    }

    /** A disk that refuses is not asked again for every call that ends. */
    private boolean hasJustFailed() {
        return !stopping && System.nanoTime() - failedAt < RETRY_NANOS;
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

    private void close() {
        if (!unwritten.isEmpty()) {
            LOG.error(
                    "{} ended calls could not be journalled; the registry will settle them from"
                            + " the nodes' records",
                    unwritten.size());
        }
        try {
            ledger.closed(active);
            active.close();
            if (lock.isHeld()) {
                ledger.deleteReleased(active.number() + 1);
            }
        } catch (IOException e) {
            LOG.warn("journal file {} was not closed well", active.number(), e);
        }
    }
}
