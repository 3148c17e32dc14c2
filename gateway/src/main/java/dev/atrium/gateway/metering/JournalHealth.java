package dev.atrium.gateway.metering;

import dev.atrium.gateway.MonotonicClock;
import java.io.IOException;
import java.util.function.LongSupplier;
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

    /** How long a disk that has refused is left alone. */
    static final long RETRY_NANOS = 200_000_000L;

    private final LongSupplier usableBytes;
    private final DataSize minFree;
    private final MonotonicClock clock;
    private volatile boolean healthy = true;
    private boolean roomy = true;
    private boolean extensible = true;
    private boolean named = true;
    private long lookedAt;
    private long failedAt;

    /**
     * @param usableBytes what the disk has left
     * @param minFree what has to be left for calls to begin
     */
    JournalHealth(LongSupplier usableBytes, DataSize minFree, MonotonicClock clock) {
        this.usableBytes = usableBytes;
        this.minFree = minFree;
        this.clock = clock;
        this.lookedAt = clock.nanos() - LOOK_NANOS;
        this.failedAt = clock.nanos() - RETRY_NANOS;
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
            becomesUnhealthy("its disk is full, or its folder is gone", null);
        }
        return roomy && extensible && named;
    }

    /** Now and then: the disk does not fill in a few milliseconds, and asking it costs some. */
    void lookForRoom() {
        long now = clock.nanos();
        if (now - lookedAt >= LOOK_NANOS) {
            lookedAt = now;
            roomy = usableBytes.getAsLong() >= minFree.toBytes();
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

    /** Records are taken, and nobody would find them. */
    void hasNoName(IOException cause) {
        named = false;
        becomesUnhealthy("its file was removed, or its folder", cause);
    }

    void hasName() {
        named = true;
    }

    void cannotWrite(IOException cause) {
        failedAt = clock.nanos();
        becomesUnhealthy("it cannot be written", cause);
    }

    /** A disk that refuses is not asked again for every call that ends. */
    boolean hasJustFailed() {
        return clock.nanos() - failedAt < RETRY_NANOS;
    }

    /** It is asked again at once: there will be no later. */
    void forgetFailure() {
        failedAt = clock.nanos() - RETRY_NANOS;
    }

    void written() {
        if (!healthy && roomy && extensible && named) {
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
