package dev.atrium.gateway.metering;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.unit.DataSize;

/**
 * Whether the disk takes the records of new calls; said loudly when that changes, and only then.
 * Changed by whoever writes, read by others.
 */
final class JournalHealth {
    private static final Logger LOG = LoggerFactory.getLogger(JournalHealth.class);
    private static final long LOOK_NANOS = 10_000_000L;

    private final Segments segments;
    private final DataSize minFree;
    private volatile boolean healthy = true;
    private boolean roomy = true;
    private boolean extensible = true;
    private long lookedAt = System.nanoTime() - LOOK_NANOS;

    JournalHealth(Segments segments, DataSize minFree) {
        this.segments = segments;
        this.minFree = minFree;
    }

    boolean isHealthy() {
        return healthy;
    }

    boolean isRoomy() {
        return roomy;
    }

    /** Whether calls may begin whose ends will need room and, sooner or later, another file. */
    boolean takesCalls() {
        if (!roomy) {
            becomesUnhealthy("the disk is full", null);
        }
        return roomy && extensible;
    }

    /** Now and then: the disk does not fill in a few milliseconds, and asking it costs some. */
    void lookForRoom() {
        long now = System.nanoTime();
        if (now - lookedAt >= LOOK_NANOS) {
            lookedAt = now;
            roomy = segments.usableBytes() >= minFree.toBytes();
        }
    }

    void began() {
        extensible = true;
    }

    /** A record may still be written, but no file can be begun. */
    void cannotBegin(IOException cause) {
        extensible = false;
        becomesUnhealthy("no new file can be begun", cause);
    }

    void cannotWrite(IOException cause) {
        becomesUnhealthy("it cannot be written", cause);
    }

    void written() {
        if (!healthy && roomy && extensible) {
            LOG.info("the journal can be written again");
            healthy = true;
        }
    }

    private void becomesUnhealthy(String why, @Nullable IOException cause) {
        if (healthy) {
            LOG.error("new calls are refused, for the journal: {}", why, cause);
            healthy = false;
        }
    }
}
