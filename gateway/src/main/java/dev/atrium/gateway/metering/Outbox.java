package dev.atrium.gateway.metering;

import dev.atrium.registry.api.usage.OpenCall;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the registry has not acknowledged, in the order of the journal: ended calls, and the calls
 * that a former life left open. A shipment is the next one until it is acknowledged; only then the
 * journal may let go of it.
 */
final class Outbox {
    private final JournalReader reader;
    private final JournalWriter writer;
    private final long foundSettled;
    private List<OpenCall> orphans;
    private JournalReader.@Nullable Batch batch;
    private int orphansInBatch;
    private volatile long acknowledged;
    private volatile boolean formerLivesShipped;

    /**
     * @param orphans calls that a former life left open
     * @param foundSettled ended calls that it left in the journal
     */
    Outbox(JournalReader reader, JournalWriter writer, List<OpenCall> orphans, long foundSettled) {
        this.reader = reader;
        this.writer = writer;
        this.orphans = orphans;
        this.foundSettled = foundSettled;
    }

    /** The next shipment; the same again, or what has become of it, when that was not taken. */
    Shipment next(int mostSettled, int mostOrphans) throws IOException {
        JournalReader.Batch next = reader.next(mostSettled);
        batch = next;
        orphansInBatch = Math.min(orphans.size(), mostOrphans);
        return new Shipment(next.records(), orphans.subList(0, orphansInBatch));
    }

    /** The registry has taken the last shipment. */
    void acknowledged() {
        JournalReader.Batch taken = batch;
        if (taken == null) {
            throw new IllegalStateException("nothing was shipped");
        }
        batch = null;
        orphans = orphans.subList(orphansInBatch, orphans.size());
        acknowledged += taken.records().size();
        reader.moveTo(taken.end());
        if (orphans.isEmpty()) {
            writer.release(taken.end());
            formerLivesShipped |= acknowledged >= foundSettled;
        }
    }

    /** Ended calls that the registry has not acknowledged. */
    long unshipped() {
        return writer.ledger().settled() - acknowledged;
    }

    /** Whether all that former lives left is acknowledged. */
    boolean areFormerLivesShipped() {
        return formerLivesShipped;
    }
}
