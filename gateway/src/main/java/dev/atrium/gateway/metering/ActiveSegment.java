package dev.atrium.gateway.metering;

import dev.atrium.gateway.MonotonicClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file that records go to, and the next one when it is full or broken.
 *
 * <p>Used by whoever holds the writer's lock; others may read which file it is.
 */
final class ActiveSegment {
    private static final Logger LOG = LoggerFactory.getLogger(ActiveSegment.class);

    /** How often a journal that nothing is written to is tried. */
    static final long LOOK_NANOS = 2_000_000_000L;

    /** Of a sick journal smaller files are closed: what fills the disk must be let go of. */
    private static final int PARTS_WHEN_SICK = 16;

    private final Segments segments;
    private final FolderLock lock;
    private final SegmentLedger ledger;
    private final JournalHealth health;
    private final MonotonicClock clock;
    private final long fullBytes;
    private long lookedAt;
    private long lookedAtSize;
    private long lookedForNameAt;
    private volatile SegmentFile file;

    /**
     * @param number of the first file
     * @param fullBytes size at which the next one is begun
     */
    ActiveSegment(
            Segments segments,
            FolderLock lock,
            SegmentLedger ledger,
            JournalHealth health,
            MonotonicClock clock,
            long number,
            long fullBytes)
            throws IOException {
        this.segments = segments;
        this.lock = lock;
        this.ledger = ledger;
        this.health = health;
        this.clock = clock;
        this.fullBytes = fullBytes;
        this.lookedAt = clock.nanos();
        this.lookedForNameAt = clock.nanos();
        this.file = SegmentFile.create(segments, number);
    }

    SegmentFile file() {
        return file;
    }

    /**
     * Begins the next file when this one is full. Before anything is refused for want of room: only
     * a closed file can be let go, so one that fills the journal by itself would keep it full for
     * ever.
     */
    void rollWhenFull() {
        long full = health.isHealthy() ? fullBytes : fullBytes / PARTS_WHEN_SICK;
        if (file.size() >= full && !file.isTorn()) {
            try {
                roll();
            } catch (IOException e) {
                health.cannotBegin(e);
            }
        }
    }

    /**
     * @param force whether the records have to be on the disk
     * @return whether the disk took them: all or none
     */
    boolean append(ByteBuffer records, boolean force) {
        try {
            if (file.isTorn()) {
                roll();
            }
            file.append(records, force);
        } catch (IOException e) {
            refused(e);
            return false;
        }
        health.written();
        return true;
    }

    /**
     * Now and then: a file whose folder was removed under it takes records that nobody would find.
     * They are written anew as soon as there is a folder again; only a process that dies before
     * that loses them.
     */
    void lookForName() {
        long now = clock.nanos();
        if (now - lookedForNameAt >= LOOK_NANOS) {
            lookedForNameAt = now;
            try {
                keepName();
            } catch (IOException e) {
                health.hasNoName(e);
            }
        }
    }

    private void keepName() throws IOException {
        if (file.isNameless()) {
            SegmentFile anew = file.writtenAnew();
            LOG.error(
                    "journal file {} had been removed, or its folder; it is written anew with its"
                            + " {} bytes",
                    file.number(),
                    file.size());
            file = anew;
            lock.renew();
            ledger.warnOfMissing();
        }
        health.hasName();
    }

    /** Nothing has to be written: looks whether it could be. */
    void tryOut() {
        if (health.isHealthy()) {
            tryWhenIdle();
        } else {
            tryAgain();
        }
    }

    /** A gateway without calls must not look ready on a folder that takes none. */
    private void tryWhenIdle() {
        long now = clock.nanos();
        if (now - lookedAt < LOOK_NANOS) {
            return;
        }
        boolean isIdle = file.size() == lookedAtSize;
        lookedAt = now;
        lookedAtSize = file.size();
        if (!isIdle || file.isTorn()) {
            return;
        }
        health.lookForRoom();
        try {
            if (health.takesCalls()) {
                file.tryOut();
            }
        } catch (IOException e) {
            refused(e);
        }
    }

    /**
     * Nobody sends calls to a gateway that is not ready, so it finds out by itself. In a new file,
     * for what is acknowledged of the old one may be all that fills the disk.
     */
    private void tryAgain() {
        try {
            keepName();
            if (file.isTorn() || file.size() > 0) {
                roll();
            }
            if (health.isRoomy()) {
                file.tryOut();
                health.written();
            }
        } catch (IOException e) {
            LOG.debug("the journal still cannot be written", e);
        }
    }

    private void refused(IOException cause) {
        // An interrupted thread may never write again; nobody has a reason to interrupt this one.
        if (Thread.interrupted()) {
            LOG.warn("the journal's thread was interrupted; it goes on");
        }
        health.cannotWrite(cause);
        if (health.isRoomy()) {
            file.giveUp();
        }
    }

    private void roll() throws IOException {
        // Or what it alone knows would be closed with it.
        keepName();
        SegmentFile fresh;
        try {
            lock.take();
            fresh = SegmentFile.create(segments, file.number() + 1);
        } catch (IOException e) {
            letGo();
            throw e;
        }
        health.began();
        ledger.closed(file);
        file.close();
        file = fresh;
    }

    /** No file can be begun and none appended to: nothing stays open, so it can be repaired. */
    private void letGo() throws IOException {
        if (file.isTorn()) {
            file.close();
            lock.giveBack();
        }
    }

    /** Deletes the files that nobody needs, in a folder that is the journal's. */
    void deleteReleased() {
        if (lock.isHeld()) {
            ledger.deleteReleased(file.number());
        }
    }

    /** Whether {@link #deleteReleased} would find something. */
    boolean hasReleased() {
        return !isStuck() && ledger.hasReleased(file.number());
    }

    /** Whether files cannot be deleted now. */
    boolean isStuck() {
        return ledger.isStuck() || !lock.isHeld();
    }

    /** Leaves nothing behind that nobody needs. */
    void close() {
        try {
            keepName();
        } catch (IOException e) {
            LOG.error("journal file {} has no name and goes with this process", file.number(), e);
        }
        try {
            ledger.closed(file);
            file.close();
            if (lock.isHeld()) {
                ledger.deleteReleased(file.number() + 1);
            }
        } catch (IOException e) {
            LOG.warn("journal file {} was not closed well", file.number(), e);
        }
    }
}
