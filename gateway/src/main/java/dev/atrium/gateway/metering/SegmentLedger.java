package dev.atrium.gateway.metering;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which segments exist, and which of them nobody needs any more.
 *
 * <p>Segments go in order, and one goes when everything in it is acknowledged and no call that was
 * opened in it is in flight. In order, because an OPEN that outlived its SETTLED would look like a
 * call that was cut off. Written by the writer's thread; counters are read by others.
 */
final class SegmentLedger {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentLedger.class);

    private final Segments segments;
    private final TreeMap<Long, Long> closedSizes;
    private final Map<UUID, Long> openIn = new HashMap<>();
    private final TreeMap<Long, Integer> openCounts = new TreeMap<>();
    private final Set<Long> damaged = ConcurrentHashMap.newKeySet();
    private final int foundDamaged;
    private volatile JournalPosition released = new JournalPosition(0, 0);
    private volatile long totalBytes;
    private volatile int openCalls;
    private volatile long settled;
    private volatile boolean stuck;

    SegmentLedger(Segments segments, JournalRecovery.Recovered recovered) {
        this.segments = segments;
        this.closedSizes = new TreeMap<>(recovered.sizes());
        this.settled = recovered.settled();
        this.foundDamaged = recovered.damaged();
        this.totalBytes = sum();
    }

    /** Size of all segments but the one being written. */
    long totalBytes() {
        return totalBytes;
    }

    int openCalls() {
        return openCalls;
    }

    /** SETTLED records found at start and written since. */
    long settled() {
        return settled;
    }

    /** A segment has bytes that are no record any more; said by its reader. */
    void isDamaged(long segment) {
        damaged.add(segment);
    }

    /** Files that were damaged at the start, and those that were found damaged since. */
    int damagedFiles() {
        return foundDamaged + damaged.size();
    }

    void release(JournalPosition position) {
        released = position;
    }

    void written(Frame frame, long segment) {
        switch (frame.type()) {
            case OPEN -> {
                openIn.put(frame.callId(), segment);
                openCounts.merge(segment, 1, Integer::sum);
            }
            case SETTLED -> {
                settled++;
                Long openedIn = openIn.remove(frame.callId());
                if (openedIn != null) {
                    openCounts.computeIfPresent(
                            openedIn, (key, count) -> count == 1 ? null : count - 1);
                }
            }
        }
        openCalls = openIn.size();
        if (openCalls == 0) {
            tellWaiting();
        }
    }

    private synchronized void tellWaiting() {
        notifyAll();
    }

    /** Waits until no call is open, at most this long. */
    synchronized void awaitNoOpenCalls(Duration longest) throws InterruptedException {
        long until = System.nanoTime() + longest.toNanos();
        long left = longest.toNanos();
        while (openCalls > 0 && left > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
            left = until - System.nanoTime();
        }
    }

    /** An empty one goes at once, or a disk that takes names but no records would collect them. */
    void closed(SegmentFile segment) {
        if (segment.size() > 0 || !delete(segment.number())) {
            closedSizes.put(segment.number(), segment.size());
        }
        totalBytes = sum();
    }

    /** Whether {@link #deleteReleased} would find something. */
    boolean hasReleased(long activeSegment) {
        return !closedSizes.isEmpty() && isReleased(closedSizes.firstKey(), activeSegment);
    }

    /** Whether the disk did not let go of what nobody needs. */
    boolean isStuck() {
        return stuck;
    }

    /** In order, and again until it is done: what stays would be read by the next start. */
    void deleteReleased(long activeSegment) {
        while (hasReleased(activeSegment)) {
            long oldest = closedSizes.firstKey();
            if (!delete(oldest)) {
                stuck = true;
                return;
            }
            closedSizes.remove(oldest);
            totalBytes = sum();
        }
        stuck = false;
    }

    private boolean delete(long segment) {
        try {
            Files.deleteIfExists(segments.file(segment));
            return true;
        } catch (IOException e) {
            if (!stuck) {
                LOG.error("journal file {} is done with but cannot be deleted", segment, e);
            }
            return false;
        }
    }

    private boolean isReleased(long segment, long activeSegment) {
        boolean inFlight = !openCounts.isEmpty() && openCounts.firstKey() <= segment;
        return segment < activeSegment && isAcknowledged(segment) && !inFlight;
    }

    private boolean isAcknowledged(long segment) {
        JournalPosition position = released;
        long size = closedSizes.getOrDefault(segment, 0L);
        return size == 0
                || segment < position.segment()
                || (segment == position.segment() && position.offset() >= size);
    }

    /** Closed files may have gone with the folder: nobody has them open, so they are lost. */
    void warnOfMissing() {
        for (long segment : closedSizes.keySet()) {
            if (!isAcknowledged(segment) && Files.notExists(segments.file(segment))) {
                LOG.error(
                        "journal file {} was removed before the registry had all of it; its calls"
                                + " are settled from the nodes' records",
                        segment);
            }
        }
    }

    private long sum() {
        return closedSizes.values().stream().mapToLong(Long::longValue).sum();
    }
}
